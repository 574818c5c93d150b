namespace Enclave.Lambda;

/// <summary>One request of the function, as Lambda hands it over.</summary>
/// <param name="Id">What its answer is sent to.</param>
/// <param name="Deadline">When Lambda stops waiting, and this process with it.</param>
/// <param name="Event">The request itself: JSON.</param>
internal sealed record Invocation(string Id, DateTimeOffset Deadline, ReadOnlyMemory<byte> Event)
{
    /// <summary>Lambda's own bound on a request and on an answer, when somebody waits for it.</summary>
    public const int MaxBytes = 6 << 20;
}
