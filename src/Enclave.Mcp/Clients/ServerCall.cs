using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Clients;

/// <summary>One call of a tool. It chooses its own request id, because the notice that cancels a call must name it.</summary>
internal static class ServerCall
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    private static long s_calls;

    /// <exception cref="OperationCanceledException">The token was cancelled. The server has been notified.</exception>
    public static async Task<CallToolResult> AskAsync(
        McpClient client, string tool, IDictionary<string, JsonElement> arguments, IProgress<ProgressNotificationValue> progress, CancellationToken token)
    {
        // The library uses numbers as ids of its own requests, so a text cannot be one of them.
        string number = $"call-{Interlocked.Increment(ref s_calls)}";
        var call = new CallToolRequestParams { Name = tool, Arguments = arguments, Meta = new JsonObject { ["progressToken"] = number } };
        IAsyncDisposable listening = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (said, cancelled) =>
            Told(said, number, progress));
        await using (listening.ConfigureAwait(false))
        {
            try
            {
                return await client.SendRequestAsync<CallToolRequestParams, CallToolResult>(
                    RequestMethods.ToolsCall, call, McpJsonUtilities.DefaultOptions, new RequestId(number), token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                _ = CancelAsync(client, number);
                throw;
            }
        }
    }

    private static ValueTask Told(JsonRpcNotification said, string number, IProgress<ProgressNotificationValue> progress)
    {
        if (said.Params?.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions) is { } told && told.ProgressToken.Token is string token
            && token == number)
            progress.Report(told.Progress);
        return ValueTask.CompletedTask;
    }

    private static async Task CancelAsync(McpClient client, string number)
    {
        using var time = new CancellationTokenSource(s_farewell);
        try
        {
            await client.SendNotificationAsync(NotificationMethods.CancelledNotification,
                new CancelledNotificationParams { RequestId = new RequestId(number), Reason = "nobody waits any more" }, McpJsonUtilities.DefaultOptions,
                    time.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The call is over whether or not the server hears of it.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
