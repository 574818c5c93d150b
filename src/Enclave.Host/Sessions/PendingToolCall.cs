using Enclave.Protocol;

namespace Enclave;

/// <summary>A tool call of a session that waits for its answer from outside.</summary>
public sealed record PendingToolCall
{
    internal PendingToolCall()
    {
    }

    /// <summary>The id of the call, for <see cref="ExecutionSession.TryAnswerToolCall"/>: the same as <see cref="ToolCallEvent.CallId"/>.</summary>
    public required string CallId { get; init; }

    /// <summary>The tool's name as the script gave it. Check it against your own list.</summary>
    public required string Name { get; init; }

    /// <summary>All its arguments, even if the event had no room for them.</summary>
    public required ScriptValue Args { get; init; }

    /// <summary>The time of the call.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The time at which the call fails without an answer: <see cref="EnclaveSessionOptions.ToolTimeout"/> after <see cref="Since"/>.</summary>
    public required DateTimeOffset Deadline { get; init; }
}
