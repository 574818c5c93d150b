using Enclave.Journals;

namespace Enclave;

/// <content>Runs of a conversation: they have tools of their own, and are put aside until its user decides.</content>
public sealed partial class DurableRuns
{
    /// <summary>From here on this host resumes the run with these tools, whoever wakes it.</summary>
    internal void Keep(string name, RunOptions options) => Keep(new RunKey(options.Tenant, name), options);

    /// <summary>The run has ended, or is nobody's any more.</summary>
    internal void Forget(string name, string? tenant)
    {
        lock (_gate) _given.Remove(new RunKey(tenant, name));
    }

    /// <summary>As <see cref="WaitAsync"/>, but completes as soon as the run is as the caller wants it.</summary>
    internal Task<DurableRun> WaitForAsync(string name, RunOptions options, Func<DurableRun, bool> isEnough, CancellationToken cancellationToken) =>
        WaitForAsync(new RunKey(options.Tenant, name), options, isEnough, cancellationToken);
}
