using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Enclave.Mcp.Servers;

/// <summary>The client for whom a script runs: it is told of progress, and asked for approvals.</summary>
internal sealed class ServedClient(McpServer server, ProgressToken? progress, CodeServerOptions options)
{
    private int _steps;

    /// <summary>Tells of a tool call, if the client asked for progress.</summary>
    public async Task TellAsync(ExecutionEvent happened, CancellationToken token)
    {
        if (happened is ToolCallEvent call && progress is { } asked)
        {
            await server.NotifyProgressAsync(asked, new ProgressNotificationValue { Progress = ++_steps, Message = call.Name }, cancellationToken: token).ConfigureAwait(false);
        }
    }

    /// <summary>Puts a call to the person behind the client.</summary>
    public async ValueTask<ToolApproval> AskAsync(ToolApprovalRequest request)
    {
        if (server.ClientCapabilities?.Elicitation is null) return ToolApproval.Denied("the client cannot ask anybody");
        using var time = CancellationTokenSource.CreateLinkedTokenSource(request.CancellationToken);
        time.CancelAfter(options.ApprovalTimeout);
        string arguments = request.Arguments.ToJsonString();
        var question = new ElicitRequestParams
        {
            Message = $"A script wants to call {request.Tool.Name} with {(arguments.Length <= 2_000 ? arguments : $"{arguments[..2_000]}…")}. Allow this call?",
            RequestedSchema = new ElicitRequestParams.RequestSchema
            {
                Properties = { ["allow"] = new ElicitRequestParams.BooleanSchema { Title = "Allow this call", Default = false } },
                Required = ["allow"],
            },
        };
        ElicitResult answer = await server.ElicitAsync(question, time.Token).ConfigureAwait(false);
        bool isAllowed = answer.IsAccepted && answer.Content?.TryGetValue("allow", out JsonElement allow) == true && allow.ValueKind == JsonValueKind.True;
        return isAllowed ? ToolApproval.Approved : ToolApproval.Denied("the person declined");
    }
}
