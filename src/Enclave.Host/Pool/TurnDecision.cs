namespace Enclave.Pool;

/// <summary>Which tenants may lease workers now.</summary>
/// <param name="Tenants">The tenants, the next one first. Valid until the queue changes.</param>
/// <param name="LookAgain">Whether others may when the slices of those that began have passed.</param>
internal readonly record struct TurnDecision(IEnumerable<string> Tenants, bool LookAgain);
