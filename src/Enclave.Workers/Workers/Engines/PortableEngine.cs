using Enclave.Engine;
using Enclave.Isolation;

namespace Enclave.Workers.Engines;

/// <summary>The engine of all systems: a .NET process for each worker, in which ClearScript makes a V8 runtime for each run.</summary>
internal sealed class PortableEngine(EngineRequest options) : HostEngine
{
    private readonly PortableFiles _files = PortableFiles.Find(options.Directory);

    public override IsolationPlan Plan { get; } = IsolationPlan.For(options.Level, Machine.Portable, options.Accepted);

    public override string Version => field ??= _files.Version;

    public override IWorkerLauncher Launch(PoolBounds bounds) => new PortableLauncher(_files, Plan);
}
