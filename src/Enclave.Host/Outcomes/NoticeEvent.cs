using System.Text.Json;
using System.Text.Json.Serialization;
using Enclave.Outcomes;

namespace Enclave;

/// <summary>Something about a durable run that its script neither did nor saw. Only <c>DurableRuns.HistoryAsync</c> has such events.</summary>
[JsonConverter(typeof(ExecutionEventJsonConverter))]
public sealed record NoticeEvent : ExecutionEvent
{
    internal NoticeEvent()
    {
    }

    /// <summary>The kind.</summary>
    public required NoticeKind Kind { get; init; }

    /// <summary>The id of the call that it is about; null for none.</summary>
    public string? CallId => Call == 0 ? null : ToolCallEvent.IdOf(Call);

    /// <summary>The name of the tool, or of the other run; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>The reason, for people; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>The number of the call; 0 for none.</summary>
    internal uint Call { get; init; }

    internal override long Size => EventSize.Base + EventSize.Of(Name) + EventSize.Of(Message);

    /// <inheritdoc/>
    public override string Type => "notice";

    private protected override void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("kind"u8, JsonNamingPolicy.CamelCase.ConvertName(Kind.ToString()));
        if (CallId is not null) writer.WriteString("callId"u8, CallId);
        if (Name is not null) JsonLine.WriteText(writer, "name"u8, Name);
        if (Message is not null) JsonLine.WriteText(writer, "message"u8, Message);
    }
}
