using System.Text.Json;
using Enclave.Broker.Sessions;

namespace Enclave.Broker.Endpoints;

/// <summary>A client's answer of a tool call: <c>{ callId, result }</c> or <c>{ callId, error }</c>.</summary>
internal static class ToolAnswer
{
    /// <summary>Hands it to the session; null when it was taken.</summary>
    public static BrokerError? Give(BrokerSession session, ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            JsonElement answer = document.RootElement;
            if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("callId", out JsonElement id) || id.ValueKind != JsonValueKind.String) return BrokerError.Invalid("Missing or invalid \"callId\" field");
            string call = id.GetString()!;
            if (session.Calls is not { } calls) return BrokerError.NotWaiting(Shown(call));
            bool taken = answer.TryGetProperty("error", out JsonElement error) && error.ValueKind != JsonValueKind.Null
                ? calls.TryFail(call, error.Text("message") ?? (error.ValueKind == JsonValueKind.String ? error.GetString()! : "the client's tool failed"), error.Text("code"))
                : calls.TryAnswer(call, answer.TryGetProperty("result", out JsonElement result) ? result.Clone() : null);
            return taken ? null : BrokerError.NotWaiting(Shown(call));
        }
        catch (JsonException)
        {
            return BrokerError.Invalid("the body is no JSON");
        }
    }

    private static string Shown(string call) => call.Length > 100 ? call[..100] : call;
}
