namespace Enclave.Runs;

/// <summary>What one run has plugged in.</summary>
/// <param name="Observers">Who is told of what happens in it.</param>
/// <param name="Tools">Where its tool calls go; null for the host's tools.</param>
/// <param name="WhenCancelled">Its answer when its token is cancelled; null when its task is then cancelled instead.</param>
internal sealed record RunHooks(IReadOnlyList<RunObserver> Observers, IToolPort? Tools = null, Func<ExecutionJob, ExecutionResult>? WhenCancelled = null)
{
    /// <summary>Told of the job before it goes to the pool; null for nobody.</summary>
    public Action<ExecutionJob>? Submitted { get; init; }

    public static RunHooks None { get; } = new([]);
}
