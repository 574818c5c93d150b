using System.Collections.Frozen;
using System.Text.Json;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <content>The payloads by type.</content>
public static partial class EventReader
{
    private static readonly JsonElement s_noArguments = JsonElement.Parse("{}"u8);

    private static readonly FrozenDictionary<string, Func<JsonMembers, EventOrigin, EventPayload>> s_payloads =
        new Dictionary<string, Func<JsonMembers, EventOrigin, EventPayload>>
        {
            ["session_init"] = ReadSessionInit,
            ["stdout"] = (members, _) => new Stdout(members.Text(members.IsTolerant && !members.Has("chunk") && members.Has("data") ? "data" : "chunk")),
            ["log"] = (members, _) => ReadLog(members),
            ["tool_call"] = (members, _) => ReadToolCall(members),
            ["tool_progress"] = (members, _) => ReadToolProgress(members),
            ["tool_result_applied"] = (members, _) => new ToolResultApplied(members.Id("callId", StreamProtocol.CallPrefix)),
            ["partial_result"] = (members, _) => ReadPartialResult(members),
            ["heartbeat"] = (members, _) => new Heartbeat(members.IsTolerant && !members.Has("ts") ? DateTimeOffset.UnixEpoch : members.Time("ts")),
            ["error"] = (members, _) =>
                new SessionError { Message = members.Text("message"), Code = members.OptionalText("code"), Recoverable = members.OptionalFlag("recoverable") },
            ["deadline_exceeded"] = (members, _) => ReadDeadlineExceeded(members),
            ["catalog_changed"] = (members, _) =>
                new CatalogChanged(members.NonEmptyText("version"), members.Texts("addedActions"), members.Texts("removedActions")),
            ["final"] = (members, _) => ReadFinal(members),
            ["enc"] = (members, _) =>
                new Encrypted(members.NonEmptyText("kid"), members.Text("nonceB64"), members.Text("ciphertextB64"), members.OptionalText("tagB64")),
        }.ToFrozenDictionary();

    private static SessionInit ReadSessionInit(JsonMembers members, EventOrigin origin)
    {
        bool forgives = members.IsTolerant;
        return new SessionInit
        {
            CancelUrl = forgives && !members.Has("cancelUrl") ? $"/sessions/{Uri.EscapeDataString(origin.SessionId)}/cancel" : members.Text("cancelUrl"),
            ExpiresAt = forgives && !members.Has("expiresAt") ? DateTimeOffset.MaxValue : members.Time("expiresAt"),
            Encryption = forgives && members.Find("encryption") is null or { ValueKind: JsonValueKind.Null }
            ? new SessionEncryption(Enabled: false)
            : ReadEncryption(members.Object("encryption")),
            ReplayUrl = members.OptionalText("replayUrl"),
        };
    }

    private static SessionEncryption ReadEncryption(JsonMembers members) => new(
        members.Flag("enabled"),
        members.OptionalText("keyId"),
        // Only Enclave uses this member; other products ignore it, so a value of another form is ignored too.
        members.Find("serverHello") is { ValueKind: JsonValueKind.Object } hello ? hello.Clone() : null);

    private static LogEntry ReadLog(JsonMembers members)
    {
        if (!LogEntry.TryLevel(members.Text("level"), out LogSeverity level)) members.Refuse("level", "must be debug, info, warn or error");
        return new LogEntry { Level = level, Message = members.Text("message"), Data = members.OptionalObject("data") };
    }

    private static ToolCall ReadToolCall(JsonMembers members)
    {
        string name = "toolName";
        if (members.IsTolerant && !members.Has(name)) name = members.Has("tool") ? "tool" : members.Has("name") ? "name" : name;
        JsonElement? arguments = members.OptionalValue("args");
        if (arguments is null && !members.IsTolerant) members.Refuse("args", "is required");
        return new ToolCall
        {
            CallId = members.Id("callId", StreamProtocol.CallPrefix),
            ToolName = members.NonEmptyText(name),
            // JavaScript peers leave the member out for a call without arguments.
            Args = arguments ?? s_noArguments,
        };
    }

    private static ToolProgress ReadToolProgress(JsonMembers members)
    {
        if (!ToolProgress.TryPhase(members.Text("phase"), out ToolPhase phase)) members.Refuse("phase", "must be connecting, sending, receiving or processing");
        return new ToolProgress
        {
            CallId = members.Id("callId", StreamProtocol.CallPrefix),
            Phase = phase,
            ElapsedMs = members.Number("elapsedMs", minimum: 0),
            BytesReceived = members.OptionalInteger("bytesReceived", minimum: 0),
            TotalBytes = members.OptionalInteger("totalBytes", minimum: 0),
        };
    }

    private static DeadlineExceeded ReadDeadlineExceeded(JsonMembers members)
    {
        double budget = members.Number("budgetMs", minimum: 0);
        if (budget == 0) members.Refuse("budgetMs", "must be above 0");
        return new DeadlineExceeded(members.Number("elapsedMs", minimum: 0), budget);
    }

    private static PartialResult ReadPartialResult(JsonMembers members) => new()
    {
        Path = members.Texts("path"),
        Data = members.OptionalValue("data"),
        Error = members.OptionalMembers("error") is { } error ? ReadErrorPayload(error) : null,
        HasNext = members.Flag("hasNext"),
    };
}
