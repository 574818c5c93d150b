using System.Text.Json;
using Enclave.Guard;
using Enclave.Host.Tests.Models;

namespace Enclave.Host.Tests.Tools.Calls;

/// <summary>A host with tools of every form of schema.</summary>
internal static class CallBench
{
    public static EnclaveHost Open(Dictionary<string, IssueSeverity?>? rules = null)
    {
        var options = new EnclaveOptions { Guard = new GuardOptions { Rules = rules ?? [] } };
        AnswerTools.AddTo(options.Tools);
        options.Tools
            .Add("mood", (Feeling feeling, ToolContext context, CancellationToken token) => Task.FromResult(feeling.Mood.ToString()))
            .Add("any", () => new Dictionary<string, object>())
            .Add("secret", (int id) => id, new ToolOptions { AllowedTenants = ["acme"] })
            .Add("issue", Json("""
                {"type":"object","properties":{"state":{"enum":["open","closed"]},"labels":{"type":"array","items":{"type":"string"}},
                "count":{"type":"integer","maximum":100}},"required":["state"],"additionalProperties":false}
                """), (args, context, token) => new(1))
            .Add("forms", Json("""
                {"oneOf":[{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"]},
                {"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}]}
                """), (args, context, token) => new(1))
            .Add("open", Json("""{"type":"object"}"""), (args, context, token) => new(1),
                Json("""{"type":"object","properties":{"known":{"type":"string"}},"additionalProperties":true}"""));
        return new EnclaveHost(options);
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private sealed record Feeling(Mood Mood);

    private enum Mood
    {
        Happy,
        Sad,
    }
}
