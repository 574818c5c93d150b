using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Servers;

/// <summary>The question whether a script may make a call, for the person behind a client (elicitation).</summary>
internal static class ApprovalQuestion
{
    /// <summary>The reason that a script is given.</summary>
    public const string Declined = "the person declined";

    private const string Allow = "allow";

    public static ElicitRequestParams Of(string tool, string shownArguments) => new()
    {
        Message = $"A script wants to call {tool} with {shownArguments}. Allow this call?",
        RequestedSchema = new ElicitRequestParams.RequestSchema
        {
            Properties = { [Allow] = new ElicitRequestParams.BooleanSchema { Title = "Allow this call", Default = false } },
            Required = [Allow],
        },
    };

    /// <summary>True only for a person's explicit yes.</summary>
    public static bool IsAllowed(ElicitResult? answer) =>
        answer is { IsAccepted: true } && answer.Content?.TryGetValue(Allow, out JsonElement allow) == true && allow.ValueKind == JsonValueKind.True;
}
