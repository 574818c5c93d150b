using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>The session is alive. Sent at every <see cref="EnclaveSessionOptions.HeartbeatInterval"/>, also while the run waits for a worker.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record HeartbeatEvent : ExecutionEvent
{
    internal HeartbeatEvent()
    {
    }

    internal override long Size => EventSize.Base;

    /// <inheritdoc/>
    public override string Type => "heartbeat";

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
    }
}
