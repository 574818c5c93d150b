using Enclave.Protocol.Messages;

namespace Enclave.Worker.Engine;

/// <summary>Where a run stands after one step. The body belongs to the isolate and lasts until its next step.</summary>
internal readonly ref struct ScriptStep
{
    public RunStatus Status { get; init; }

    public StopReason Reason { get; init; }

    /// <summary>Iterations counted, once the run has ended by itself or at their limit.</summary>
    public long Iterations { get; init; }

    /// <summary>With <see cref="StopReason.Iterations"/>: the place that the program's text gave for the loop.</summary>
    public long Where { get; init; }

    public ReadOnlySpan<byte> Body { get; init; }
}
