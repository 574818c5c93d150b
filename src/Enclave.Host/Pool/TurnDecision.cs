namespace Enclave.Pool;

/// <summary>The tenants that may lease workers now.</summary>
/// <param name="Tenants">The tenants, the next one first. Valid until the queue changes.</param>
/// <param name="LookAgain">True if other tenants may when the slices of running jobs have passed.</param>
internal readonly record struct TurnDecision(IEnumerable<string> Tenants, bool LookAgain);
