namespace Enclave;

/// <summary>Keeps large tool results while scripts hold references to them. Used from any number of threads at once.</summary>
/// <remarks>
/// Keys are unguessable, made by the host, up to 80 characters of ASCII; each is set once. A call that fails, or is not done within <see cref="SidecarOptions.StorageTimeout"/>,
/// fails the tool call it serves and nothing else. What is kept need not outlive its time to live, and may be lost before: its reader is told so.
/// </remarks>
public interface IReferenceStore
{
    /// <summary>Keeps a value, which must not be used after the call has ended: it is copied, or written.</summary>
    /// <param name="key">What it is found by.</param>
    /// <param name="value">The bytes.</param>
    /// <param name="ttl">How long it may be found. Above zero.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken);

    /// <summary>The value of a key, which is only read; null when there is none, or no more.</summary>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Forgets a value. One that is not there is no fault.</summary>
    ValueTask RemoveAsync(string key, CancellationToken cancellationToken);
}
