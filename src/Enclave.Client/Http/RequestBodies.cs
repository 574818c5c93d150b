using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Client.Http;

/// <summary>The JSON bodies of requests.</summary>
internal static class RequestBodies
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A new session. Limits are sent twice: upstream's broker reads only <c>config</c>, ours reads both.</summary>
    public static byte[] Execute(string sessionId, string code, ExecuteOptions options, JsonElement? encryption) => Write((writer) =>
    {
        writer.WriteString("sessionId"u8, sessionId);
        writer.WriteString("code"u8, code);
        if (options.Language is { } language) writer.WriteString("language"u8, language);
        if (options.Durable) writer.WriteBoolean("durable"u8, true);
        if (options.Limits is { } limits)
        {
            WriteConfig(writer, limits);
            writer.WritePropertyName("limits"u8);
            limits.WriteTo(writer);
        }

        if (options.Filter is { } filter)
        {
            writer.WritePropertyName("filter"u8);
            filter.WriteTo(writer);
        }

        if (options.Tools.Count > 0)
        {
            writer.WriteStartArray("tools"u8);
            foreach (string tool in options.Tools) writer.WriteStringValue(tool);
            writer.WriteEndArray();
        }

        if (encryption is { } request)
        {
            writer.WritePropertyName("encryption"u8);
            request.WriteTo(writer);
        }
    });

    public static byte[] Cancel(string? reason) => Write((writer) =>
    {
        if (reason is not null) writer.WriteString("reason"u8, reason);
    });

    public static byte[] ToolResult(string callId, JsonElement value) => Write((writer) =>
    {
        writer.WriteString("callId"u8, callId);
        writer.WritePropertyName("result"u8);
        value.WriteTo(writer);
    });

    public static byte[] ToolFailure(string callId, string message, string? code) => Write((writer) =>
    {
        writer.WriteString("callId"u8, callId);
        writer.WriteStartObject("error"u8);
        if (code is not null) writer.WriteString("code"u8, code);
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
    });

    private static void WriteConfig(Utf8JsonWriter writer, SessionLimits limits)
    {
        long? time = limits.SessionTtlMs is { } ttl && limits.TimeoutMs is { } timeout ? Math.Min(ttl, timeout) : limits.SessionTtlMs ?? limits.TimeoutMs;
        if (time is null && limits.MaxToolCalls is null && limits.HeartbeatIntervalMs is null) return;
        writer.WriteStartObject("config"u8);
        if (time is { } ms) writer.WriteNumber("maxExecutionMs"u8, ms);
        if (limits.MaxToolCalls is { } calls) writer.WriteNumber("maxToolCalls"u8, calls);
        if (limits.HeartbeatIntervalMs is { } interval) writer.WriteNumber("heartbeatIntervalMs"u8, interval);
        writer.WriteEndObject();
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
