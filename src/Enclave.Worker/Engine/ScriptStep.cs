using Enclave.Protocol.Messages;

namespace Enclave.Worker.Engine;

/// <summary>Where a run stands after one step. The body belongs to the isolate and lasts until its next step.</summary>
internal readonly ref struct ScriptStep
{
    public RunStatus Status { get; init; }

    public StopReason Reason { get; init; }

    public ReadOnlySpan<byte> Body { get; init; }
}
