using System.Text.Json;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Endpoints;

/// <summary>A client's answer of a tool call: <c>{ callId, result }</c> or <c>{ callId, error }</c>.</summary>
internal static class ToolAnswer
{
    /// <summary>Hands it to the session; null when it was taken.</summary>
    public static BrokerError? Give(BrokerSession session, ReadOnlyMemory<byte> body)
    {
        if (Check(body, out string call) is { } refusal) return refusal;
        using JsonDocument document = JsonDocument.Parse(body);
        JsonElement answer = document.RootElement;
        if (session.Calls is not { } calls) return NotWaiting(call);
        bool taken = answer.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null
            ? calls.TryFail(call, error.Text("message") ?? (error.ValueKind == JsonValueKind.String ? error.GetString()! : "the client's tool failed"), error.Text("code"))
            : calls.TryAnswer(call, answer.TryGetProperty("result", out JsonElement result) ? result.Clone() : null);
        return taken ? null : NotWaiting(call);
    }

    /// <summary>Whether it has the form of an answer, and of which call; null when it has.</summary>
    public static BrokerError? Check(ReadOnlyMemory<byte> body, out string call)
    {
        call = "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement answer = document.RootElement;
            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("callId", out JsonElement id) || id.ValueKind != JsonValueKind.String) return BrokerError.Invalid("Missing or invalid \"callId\" field");
            call = id.GetString()!;
            return null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return BrokerError.Invalid("the body is no JSON");
        }
    }

    public static BrokerError NotWaiting(string call) => BrokerError.NotWaiting(Shown(call));

    private static string Shown(string call) => call.Length > 100 ? call[..100] : call;
}
