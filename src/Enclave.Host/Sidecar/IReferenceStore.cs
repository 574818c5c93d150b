namespace Enclave;

/// <summary>Stores large tool results while scripts hold references to them. Used from any number of threads at once.</summary>
/// <remarks>
/// Keys are unguessable, made by the host, at most 80 characters of ASCII. Each is set once. A call that fails, or is not done within
/// <see cref="SidecarOptions.StorageTimeout"/>, fails only the tool call that it serves. A value need not outlive its time to live, and may be lost earlier:
/// its reader then gets an error.
/// </remarks>
public interface IReferenceStore
{
    /// <summary>Stores a value. The memory must not be used after the call has ended, so copy it or write it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The bytes.</param>
    /// <param name="ttl">How long the value may be found. Above zero.</param>
    /// <param name="cancellationToken">Cancelled when the host no longer waits.</param>
    ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken);

    /// <summary>Returns the value of a key, which the host only reads; null if there is none, or if it was removed.</summary>
    ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes a value. A missing one is not an error.</summary>
    ValueTask RemoveAsync(string key, CancellationToken cancellationToken);
}
