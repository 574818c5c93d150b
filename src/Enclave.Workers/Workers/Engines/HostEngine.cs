using Enclave.Engine;
using Enclave.Isolation;

namespace Enclave.Workers.Engines;

/// <summary>The engine of a host: the isolation that it offers, its version, and the start of its workers.</summary>
internal abstract class HostEngine
{
    /// <summary>The plan of its workers' isolation.</summary>
    public abstract IsolationPlan Plan { get; }

    /// <summary>The engine's description of itself; null if it has none.</summary>
    public virtual EngineNote? Note => null;

    /// <summary>Its version, for recordings.</summary>
    public virtual string Version => Note?.V8 ?? "unknown";

    /// <param name="options">The host's options.</param>
    /// <param name="launcher">Starts the workers of a test; null for those of an engine.</param>
    /// <exception cref="PlatformNotSupportedException">The native engine is chosen, and does not run here.</exception>
    /// <exception cref="IOException">The engine's files are missing.</exception>
    public static HostEngine Choose(EngineRequest options, IWorkerLauncher? launcher)
    {
        if (launcher is not null) return new GivenEngine(options, launcher);
        if (PortableFiles.AreChosen(options.Engine, options.Directory)) return new PortableEngine(options);
        EngineFiles.CheckPlatform();
        return OperatingSystem.IsLinux() ? new NativeEngine(options) : throw new PlatformNotSupportedException();
    }

    /// <summary>The launcher of its workers. Called once.</summary>
    public abstract IWorkerLauncher Launch(PoolBounds bounds);
}
