namespace Enclave.Runs;

/// <summary>The gate's answer about one run, and its place until the run has ended.</summary>
internal abstract class RunPass
{
    /// <summary>Why the run is refused; null if it may begin.</summary>
    public ExecutionError? Refusal { get; init; }

    /// <summary>The options that it has from now on.</summary>
    public required RunOptions Options { get; init; }

    /// <summary>The time that it waited at the gate.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Cancelled if the gate ends the run, not its caller.</summary>
    public CancellationToken Ending { get; init; }

    /// <summary>The reason why the gate ended the run.</summary>
    public abstract ExecutionError WhyEnded { get; }

    /// <summary>The run has ended. Called once, for a run that may begin, before its caller has the result. Returns the result that the caller gets.</summary>
    /// <param name="result">Its result; null if the caller cancelled it.</param>
    /// <param name="stats">Its time and memory.</param>
    public abstract ValueTask<ExecutionResult?> LeaveAsync(ExecutionResult? result, ExecutionStats stats);
}
