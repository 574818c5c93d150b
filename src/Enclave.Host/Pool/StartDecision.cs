using Enclave.Isolation;

namespace Enclave.Pool;

/// <summary>The decision about another worker.</summary>
/// <param name="Start">How to start it; null for no start.</param>
/// <param name="LookAgain">When to decide again even if nothing happens; null if that is not needed.</param>
internal readonly record struct StartDecision(StartPace? Start, TimeSpan? LookAgain = null);
