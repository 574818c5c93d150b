namespace Enclave.Tools;

/// <summary>The result of a tool that answers later.</summary>
/// <param name="Token">The token of the answer.</param>
/// <param name="Timeout">The longest wait; null for none.</param>
internal sealed record LaterResult(string Token, TimeSpan? Timeout);
