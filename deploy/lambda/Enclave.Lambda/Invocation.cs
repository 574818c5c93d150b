namespace Enclave.Lambda;

/// <summary>One request to the function, as Lambda delivers it.</summary>
/// <param name="Id">The id that its answer is sent to.</param>
/// <param name="Deadline">The time when Lambda stops waiting and ends this process.</param>
/// <param name="Event">The request itself: JSON.</param>
internal sealed record Invocation(string Id, DateTimeOffset Deadline, ReadOnlyMemory<byte> Event)
{
    /// <summary>Lambda's limit for the body of a synchronous request and of its answer.</summary>
    public const int MaxBytes = 6 << 20;
}
