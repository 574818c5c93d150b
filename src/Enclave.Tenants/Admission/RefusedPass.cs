using Enclave.Runs;

namespace Enclave.Tenants.Admission;

/// <summary>The answer about a run that is refused.</summary>
internal sealed class RefusedPass : RunPass
{
    /// <inheritdoc/>
    public override ExecutionError WhyEnded => Refusal!;

    /// <inheritdoc/>
    public override ValueTask<ExecutionResult?> LeaveAsync(ExecutionResult? result, ExecutionStats stats) => new(result);
}
