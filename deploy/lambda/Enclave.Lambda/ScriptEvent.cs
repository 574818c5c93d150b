using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Lambda;

/// <summary>The content of a request: a script and its limits.</summary>
internal sealed record ScriptEvent(string Code, string? SessionId, SessionLimits? Limits)
{
    private const int MaxDepth = 16;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads <c>{ code, sessionId?, limits? }</c>, or an HTTP request with this body (API Gateway, function URLs).</summary>
    /// <param name="json">The event.</param>
    /// <param name="asked">The script and its limits; null if the event is invalid.</param>
    /// <param name="problem">The reason why it is invalid; empty if it is valid.</param>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out ScriptEvent? asked, out string problem)
    {
        asked = null;
        try
        {
            using var document = JsonDocument.Parse(json, s_options);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("body", out JsonElement body))
                return TryRead(document.RootElement, out asked, out problem);
            if (body.ValueKind != JsonValueKind.String)
            {
                problem = "body must be a string of JSON";
                return false;
            }

            bool isEncoded = document.RootElement.TryGetProperty("isBase64Encoded", out JsonElement encoded) && encoded.ValueKind == JsonValueKind.True;
            using var inner = isEncoded ? JsonDocument.Parse(body.GetBytesFromBase64(), s_options) : JsonDocument.Parse(body.GetString()!, s_options);
            return TryRead(inner.RootElement, out asked, out problem);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException)
        {
            // A lone half of a surrogate pair is not valid text either.
            problem = $"not JSON: {fault.Message}";
            return false;
        }
    }

    private static bool TryRead(JsonElement json, [NotNullWhen(true)] out ScriptEvent? asked, out string problem)
    {
        (asked, problem) = (null, "");
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("code", out JsonElement code) || code.ValueKind != JsonValueKind.String)
        {
            problem = "code must be a string";
            return false;
        }

        string? id = null;
        if (json.TryGetProperty("sessionId", out JsonElement session) && session.ValueKind != JsonValueKind.Null)
        {
            if (session.ValueKind != JsonValueKind.String)
            {
                problem = "sessionId must be a string";
                return false;
            }

            id = session.GetString();
        }

        SessionLimits? limits = null;
        if (json.TryGetProperty("limits", out JsonElement given) && given.ValueKind != JsonValueKind.Null)
        {
            if (given.ValueKind != JsonValueKind.Object)
            {
                problem = "limits must be an object";
                return false;
            }

            if (!SessionLimits.TryRead(given, out limits, out problem)) return false;
        }

        asked = new ScriptEvent(code.GetString()!, id, limits);
        return true;
    }
}
