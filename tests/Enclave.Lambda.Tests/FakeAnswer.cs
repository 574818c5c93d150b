using System.Text.Json;

namespace Enclave.Lambda.Tests;

/// <summary>The function's answer to a request.</summary>
/// <param name="Kind">"response" or "error".</param>
/// <param name="Json">The body.</param>
/// <param name="ErrorType">The error type from the header, for an error.</param>
internal sealed record FakeAnswer(string Kind, JsonElement Json, string? ErrorType)
{
    public int Status => Json.GetProperty("statusCode").GetInt32();

    /// <summary>The body, which is JSON in a string.</summary>
    public JsonElement Body => JsonElement.Parse(Json.GetProperty("body").GetString()!);

    public string? Code => (Body.TryGetProperty("error", out JsonElement error) ? error : Body).GetProperty("code").GetString();
}
