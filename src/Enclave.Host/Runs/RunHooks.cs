namespace Enclave.Runs;

/// <summary>The observers and tools of one run.</summary>
/// <param name="Observers">The observers of its events.</param>
/// <param name="Tools">The invoker of its tools; null for the host's tools.</param>
/// <param name="WhenCancelled">Its answer if its token is cancelled; null, or a null answer, to cancel its task instead.</param>
internal sealed record RunHooks(IReadOnlyList<IRunObserver> Observers, IToolInvoker? Tools = null, Func<ExecutionJob, ExecutionResult?>? WhenCancelled = null)
{
    /// <summary>Called with the job before it goes to the pool; null for none.</summary>
    public Action<ExecutionJob>? Submitted { get; init; }

    /// <summary>True for a durable run that began before.</summary>
    public bool IsResumed { get; init; }

    public static RunHooks None { get; } = new([]);
}
