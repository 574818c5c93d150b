namespace Enclave;

/// <summary>Something that a durable run waits for.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Name">The name of the signal or tool; empty for a moment.</param>
/// <param name="Token">The token for <see cref="EnclaveDurableExtensions.AnswerAsync"/>; empty if only time ends the wait.</param>
/// <param name="Until">When the wait ends by itself; null for never.</param>
/// <param name="CallId">The id of the call that waits: <c>c_1</c>, <c>c_2</c>, and so on.</param>
public sealed record DurableWait(WaitKind Kind, string Name, string Token, DateTimeOffset? Until, string CallId);
