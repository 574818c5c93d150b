using Enclave.Fetch;
using Enclave.Libraries;
using Enclave.Limits;
using Enclave.Sidecar;

namespace Enclave;

/// <summary>The options of a host, and the values that follow from them. They do not change, and need no disposal.</summary>
internal sealed class ResolvedOptions
{
    private readonly byte[] _globals;
    private readonly IReadOnlyCollection<string> _globalNames;

    /// <param name="options">The options, which are checked already.</param>
    /// <exception cref="ArgumentException">A global or a library is not allowed.</exception>
    public ResolvedOptions(EnclaveOptions options)
    {
        Options = options;
        Sizes = options.Adapter.Resolve(options);
        Memory = HostMemory.Of(Sizes, options.Sidecar.Enabled ? SidecarLimits.For(options.Sidecar, options.SecurityLevel).MaxResolvedBytes : 0);
        Limits = new EffectiveLimits(options, Sizes, LevelLimits.For(options.SecurityLevel));
        _globals = GlobalsEncoder.Encode(options.Globals, null);
        Libraries = LibrarySet.Of(FetchLibrary.Of(options.Fetch), options.Libraries, options.Globals);
        _globalNames = options.Globals is null ? [] : [.. options.Globals.Keys];
    }

    public EnclaveOptions Options { get; }

    /// <summary>The sizes of the pool, after the adapter is applied.</summary>
    public WorkerPoolOptions Sizes { get; }

    /// <summary>The limits of runs.</summary>
    public EffectiveLimits Limits { get; }

    /// <summary>The host's memory for values of runs.</summary>
    public HostMemory Memory { get; }

    public LibrarySet Libraries { get; }

    /// <summary>The globals of a run in encoded form, with the host's.</summary>
    public byte[] GlobalsOf(RunOptions? run) => run?.Globals is { Count: > 0 } own ? GlobalsEncoder.Encode(Options.Globals, own) : _globals;

    /// <summary>The names of a run's globals, with the host's.</summary>
    public IReadOnlyCollection<string> GlobalNamesOf(RunOptions? run)
    {
        IReadOnlyCollection<string> names = OwnGlobalNamesOf(run);
        return RunFeatures.Of(run).Count == 0 ? names : [.. names, .. RunFeatures.GlobalsOf(run).Select((global) => global.Name)];
    }

    private IReadOnlyCollection<string> OwnGlobalNamesOf(RunOptions? run) =>
        run?.Globals is { Count: > 0 } own ? [.. _globalNames.Concat(own.Keys).Distinct(StringComparer.Ordinal)] : _globalNames;
}
