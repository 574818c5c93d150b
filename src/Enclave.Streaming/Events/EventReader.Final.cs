using System.Buffers;
using System.Text.Json;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <content>The last event, and failures.</content>
public static partial class EventReader
{
    private static Final ReadFinal(JsonMembers members)
    {
        ErrorInfo? error =
            members.OptionalMembers("error") is { } info ? new ErrorInfo(info.Text("message"), info.OptionalText("code"), info.OptionalText("stack")) : null;
        return new Final
        {
            Ok = members.IsTolerant && !members.Has("ok") ? error is null : members.Flag("ok"),
            Result = members.OptionalValue("result"),
            Error = error,
            Errors = members.OptionalObjects("errors") is { } errors ? [.. errors.Select(ReadErrorPayload)] : null,
            Stats = ReadStats(members),
        };
    }

    private static FinalStats? ReadStats(JsonMembers members)
    {
        if (!members.IsTolerant) return members.OptionalMembers("stats") is { } stats ? ReadStatsMembers(stats) : null;
        // Statistics of another form must not cost the session's end.
        if (members.Find("stats") is not { } json) return null;
        var reading = new JsonReading(EventTolerance.Exact);
        FinalStats read = ReadStatsMembers(new JsonMembers(json, "stats", reading));
        return reading.Problem is null ? read : null;
    }

    private static FinalStats ReadStatsMembers(JsonMembers members) =>
        new(members.Number("durationMs", minimum: 0), members.Integer("toolCallCount"), members.Integer("stdoutBytes"));

    private static ErrorPayload ReadErrorPayload(JsonMembers members) => new()
    {
        Code = members.Text("code"),
        Message = members.Text("message"),
        Path = members.Has("path") ? members.Texts("path") : null,
        Details = members.OptionalObjects("details") is { } details ? [.. details.Select(ReadDetail)] : null,
    };

    /// <summary>Rebuilds one detail from the members that its type has.</summary>
    private static JsonElement ReadDetail(JsonMembers members)
    {
        string type = members.Text("type");
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, JsonWriting.Options))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            switch (type)
            {
                case "retry_info":
                    writer.WriteNumber("retryDelayMs"u8, members.Number("retryDelayMs", minimum: 0));
                    break;
                case "upstream_info":
                    writer.WriteNumber("statusCode"u8, members.Integer("statusCode"));
                    writer.WriteString("url"u8, members.Text("url"));
                    break;
                case "validation_info":
                    writer.WriteString("field"u8, members.Text("field"));
                    writer.WriteString("reason"u8, members.Text("reason"));
                    break;
                case "quota_info":
                    writer.WriteNumber("limit"u8, members.Number("limit"));
                    writer.WriteNumber("used"u8, members.Number("used"));
                    break;
                default:
                    members.Refuse("type", "must be retry_info, upstream_info, validation_info or quota_info");
                    break;
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(output.WrittenSpan);
    }
}
