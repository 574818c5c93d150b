using Enclave.Isolation;

namespace Enclave.Pool;

/// <summary>What is decided about one more worker.</summary>
/// <param name="Start">How it is started; null for none.</param>
/// <param name="LookAgain">When to decide again though nothing happens; null when there is no need.</param>
internal readonly record struct StartDecision(StartPace? Start, TimeSpan? LookAgain = null);
