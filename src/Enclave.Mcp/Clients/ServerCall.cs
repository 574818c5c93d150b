using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Clients;

/// <summary>One call of a tool, with the progress that its server tells.</summary>
internal static class ServerCall
{
    private static long s_calls;

    /// <exception cref="OperationCanceledException">The token was cancelled. The library notifies the server.</exception>
    public static async Task<CallToolResult> AskAsync(
        McpClient client, string tool, IDictionary<string, JsonElement> arguments, IProgress<ProgressNotificationValue> progress, CancellationToken token)
    {
        // The library uses its own numbers as progress tokens, so a text cannot be one of them.
        string number = $"call-{Interlocked.Increment(ref s_calls)}";
        var call = new CallToolRequestParams { Name = tool, Arguments = arguments, Meta = new JsonObject { ["progressToken"] = number } };
        IAsyncDisposable listening = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (said, cancelled) =>
            Told(said, number, progress));
        await using (listening.ConfigureAwait(false))
        {
            return await client.SendRequestAsync<CallToolRequestParams, CallToolResult>(
                RequestMethods.ToolsCall, call, McpJsonUtilities.DefaultOptions, cancellationToken: token).ConfigureAwait(false);
        }
    }

    private static ValueTask Told(JsonRpcNotification said, string number, IProgress<ProgressNotificationValue> progress)
    {
        if (said.Params?.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions) is { } told && told.ProgressToken.Token is string token
            && token == number)
            progress.Report(told.Progress);
        return ValueTask.CompletedTask;
    }
}
