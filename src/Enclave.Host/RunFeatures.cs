using System.Diagnostics.CodeAnalysis;
using Enclave.Limits;
using Enclave.Runs;

namespace Enclave;

/// <summary>The features of runs, in one place, in the order in which they are asked.</summary>
internal static class RunFeatures
{
    private static readonly LimitsFeature s_limits = new();
    private static readonly IRunFeature[] s_own = [s_limits];

    // Found by name, because the host does not reference their assembly. A program that uses no feature does not load the assembly.
    private static readonly Lazy<IRunFeature[]> s_all = new(() =>
    [
        Make(Type.GetType("Enclave.DurableFeature, Enclave.Durable", throwOnError: true)!),
        Make(Type.GetType("Enclave.ConversationFeature, Enclave.Durable", throwOnError: true)!),
        Make(Type.GetType("Enclave.RecordingFeature, Enclave.Durable", throwOnError: true)!),
        s_limits,
    ]);

    /// <summary>The features, if the options of a host use one.</summary>
    public static IReadOnlyList<IRunFeature> Of(EnclaveOptions options) => options.Features.Count == 0 ? [] : s_all.Value;

    /// <summary>The features, if a run uses one.</summary>
    public static IReadOnlyList<IRunFeature> Of(RunOptions? run) => run switch
    {
        null or { Durable: null, Conversation: null, Record: false, ShowsLimits: false } => [],
        { Durable: null, Conversation: null, Record: false } => s_own,
        _ => s_all.Value,
    };

    /// <summary>The globals of a run's script that its features give it, with their TypeScript types.</summary>
    public static IEnumerable<(string Name, string? Type)> GlobalsOf(RunOptions? run) =>
        run is null ? [] : Of(run).SelectMany((feature) => feature.GlobalsOf(run));

    /// <summary>Runs a program in the way of a feature; null if it has none.</summary>
    public static Task<ExecutionResult>? Run(HostParts host, string code, RunOptions? run, CancellationToken cancellationToken)
    {
        foreach (IRunFeature feature in Of(run))
        {
            if (feature.Run(host, code, run!, cancellationToken) is { } begun) return begun;
        }

        return null;
    }

    /// <summary>The features that may observe a run. A run that is repeated or has a journal has no such observers: its steps are known already.</summary>
    public static IReadOnlyList<IRunFeature> ObserversOf(HostParts host, RequestedRun asked)
    {
        if (asked.Determinism is not null) return [];
        IReadOnlyList<IRunFeature> features = Of(asked.Options);
        return features.Count == 0 ? Of(host.Settings.Options) : features;
    }

    /// <summary>The invokers of a run's tool calls at a rank, and the next behind them.</summary>
    public static IToolInvoker Station(StationRank rank, HostParts host, RequestedRun asked, IToolInvoker next)
    {
        foreach (IRunFeature feature in Of(asked.Options)) next = feature.Station(rank, host, asked.Options!, next);
        return asked.Determinism?.Station(rank, next) ?? next;
    }

    private static IRunFeature Make([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type feature) =>
        (IRunFeature)Activator.CreateInstance(feature)!;
}
