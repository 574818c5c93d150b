namespace Enclave.Runs;

/// <summary>
/// Judges each run before anything of it is examined, and learns how it ended. The policies of tenants are a gate (docs/tenants.md). A host without a gate has
/// no cost.
/// </summary>
internal interface IRunGate
{
    /// <summary>Judges a run. It may wait, and narrows the options that the run has from then on.</summary>
    ValueTask<RunPass> EnterAsync(GateRequest run, CancellationToken cancellationToken);

    /// <summary>Runs that it has refused, by their error codes.</summary>
    IReadOnlyDictionary<ErrorCode, long> Refused { get; }

    /// <summary>The reason for which a run would be refused at this moment; null if it would begin or wait. Nothing is reserved.</summary>
    ExecutionError? WhyNot(GateRequest run);

    /// <summary>The options that a run would have, for an examination of its script. Nothing is reserved.</summary>
    RunOptions Narrow(GateRequest run) => run.Options;
}
