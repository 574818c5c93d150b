using Enclave.Engine;
using Enclave.Isolation;

namespace Enclave.Workers.Engines;

/// <summary>The workers of a test.</summary>
internal sealed class GivenEngine(EngineRequest options, IWorkerLauncher launcher) : HostEngine
{
    public override IsolationPlan Plan { get; } = IsolationPlan.For(options.Level, launcher.Machine, options.Accepted);

    /// <summary>Threads of this process have no engine.</summary>
    public override EngineNote? Note => ReferenceEquals(Plan.Machine, Machine.Nothing) ? null : field ??= EngineNote.Find(options.Directory);

    public override IWorkerLauncher Launch(PoolBounds bounds) => launcher;
}
