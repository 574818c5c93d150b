using System.Text.Json;

namespace Enclave.Lambda.Tests;

/// <summary>What the function sent back.</summary>
/// <param name="Kind">"response" or "error".</param>
/// <param name="Json">What was sent.</param>
/// <param name="ErrorType">Of an error, as the header has it.</param>
internal sealed record FakeAnswer(string Kind, JsonElement Json, string? ErrorType)
{
    public int Status => Json.GetProperty("statusCode").GetInt32();

    /// <summary>The body, which is JSON in a string.</summary>
    public JsonElement Body => JsonElement.Parse(Json.GetProperty("body").GetString()!);

    public string? Code => (Body.TryGetProperty("error", out JsonElement error) ? error : Body).GetProperty("code").GetString();
}
