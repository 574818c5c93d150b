using System.Runtime.Versioning;
using Enclave.Engine;
using Enclave.Isolation;
using Enclave.Isolation.Seccomp;

namespace Enclave.Workers.Engines;

/// <summary>The engine of Linux x64: jailed workers, forked from nurseries.</summary>
[SupportedOSPlatform("linux")]
internal sealed class NativeEngine : HostEngine
{
    private readonly EngineRequest _options;
    private readonly Lazy<EngineFiles> _files;
    private readonly Lazy<IsolationPlan> _plan;

    public NativeEngine(EngineRequest options)
    {
        _options = options;
        _files = new Lazy<EngineFiles>(() => EngineFiles.Find(options.Directory));
        _plan = new Lazy<IsolationPlan>(() => IsolationPlan.For(options.Level, Machine.This, options.Accepted, WorkerFiles.Writers(_files.Value)));
        // On other cores, while the host is created: parse the table, and make a jail to test whether that works, which takes as long as the host's checks. The
        // first use reports a fault.
        _ = Task.Run(static () => SeccompTable.Rules);
        _ = Task.Run(static () => Machine.This);
    }

    public override IsolationPlan Plan => _plan.Value;

    public override EngineNote? Note => field ??= EngineNote.Find(_options.Directory);

    public override IWorkerLauncher Launch(PoolBounds bounds) => new JailedLauncher(
        _files.Value, IsolationTable.EngineFlags(_options.Level), Plan, WorkerBudget.For(bounds, Plan.Applies(IsolationLayer.Jitless)));
}
