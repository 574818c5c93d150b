using Enclave.DoubleVm;
using Enclave.Runs;
using Enclave.Sidecar;
using Enclave.Tools;
using Enclave.Tools.Sequences;

namespace Enclave;

/// <summary>The way of a run's tool calls. This is the only place that decides in which order the invokers of a run are stacked.</summary>
/// <param name="First">The invoker that gets each call first.</param>
/// <param name="Watch">The sequence policy of the run, which also observes it; null where it does not judge the run.</param>
internal readonly record struct ToolPath(IToolInvoker First, SequenceWatch? Watch)
{
    /// <param name="tools">The invokers of the host.</param>
    /// <param name="asked">The run.</param>
    /// <param name="references">Its references; null without a sidecar.</param>
    public static ToolPath Of(HostTools tools, RequestedRun asked, ReferenceRun? references)
    {
        // A replay answers all calls by itself.
        if (asked.Determinism?.Answers is { } replay) return new ToolPath(replay, null);
        // From the last invoker to the first. The tools: a session's, which pass calls on to the host's, or the host's (ToolRegistry, ApplicationTools).
        IToolInvoker first = RunFeatures.Station(StationRank.Last, tools.Host, asked, asked.Hooks.Tools ?? tools.Registry);
        // The operator's policy in the outer isolate sees values, never references.
        if (tools.Outer is not null) first = new PolicyTools(tools.Outer, first);
        if (references is not null) first = references.Before(tools.Outer is null ? first : new PooledTools(first));
        // The sequence policy goes before the rest: a call that it refuses must not reach anything else.
        SequenceWatch? watch = tools.Sequences is { } sequences && sequences.Judges(asked.Options) ? new SequenceWatch(sequences, first) : null;
        if (watch is not null) first = watch;
        // This comes before the sequence, so that a call that the tenant may not make does not count in the sequence.
        if (asked.Options?.AllowsTool is { } allows) first = new AllowedTools(allows, first);
        return new ToolPath(RunFeatures.Station(StationRank.First, tools.Host, asked, first), watch);
    }
}
