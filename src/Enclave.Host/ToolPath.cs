using Enclave.DoubleVm;
using Enclave.Runs;
using Enclave.Sidecar;
using Enclave.Tools;
using Enclave.Tools.Sequences;

namespace Enclave;

/// <summary>The one place that says in which order a tool call passes the ports of a run.</summary>
/// <remarks>
/// From the script to the tool: the sequence policy (<see cref="SequenceWatch"/>), the run's references (<see cref="SidecarPort"/>), the
/// operator's policy in the outer isolate (<see cref="PolicyPort"/>). Then the call is answered: by a session's client
/// (<see cref="Sessions.SessionTools"/>), by the registered tools (<see cref="RegistryPort"/>), or, for other names, by the application's handler
/// (<see cref="HandlerPort"/>). A replay answers by itself and has no other port.
/// </remarks>
internal static class ToolPath
{
    /// <summary>The ports below the sequence policy.</summary>
    /// <param name="host">The parts of the host.</param>
    /// <param name="asked">The run.</param>
    /// <param name="references">Its references; null without a sidecar.</param>
    public static IToolPort Ports(HostParts host, RequestedRun asked, ReferenceRun? references)
    {
        if (asked.Determinism is IToolPort replay) return replay;
        IToolPort tools = asked.Hooks.Tools ?? host.Registry;
        if (host.Outer is not null) tools = new PolicyPort(host.Outer, tools);
        if (references is null) return tools;
        return references.Before(host.Outer is null ? tools : new PooledPort(tools));
    }

    /// <summary>The sequence policy in front of the ports; null where it does not judge the run.</summary>
    public static SequenceWatch? Watch(HostParts host, RequestedRun asked, IToolPort ports) =>
        host.Sequences is { } sequences && sequences.Judges(asked.Options) && asked.Determinism is not IToolPort ? new SequenceWatch(sequences, ports) : null;
}
