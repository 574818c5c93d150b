using System.Net;
using System.Text.Json;
using Enclave.Mcp.Clients;
using Enclave.Mcp.Transports;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Schemas;
using Enclave.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Enclave.Mcp.Tools;

/// <summary>Calls a server's tools for scripts.</summary>
internal sealed class ToolCaller(ServerLink link, SourceSecrets secrets)
{
    private const int ErrorCharacters = 2_000;

    /// <param name="tool">The name that scripts call it by.</param>
    /// <param name="name">The name that the server knows it by.</param>
    /// <param name="arguments">The arguments from the script.</param>
    /// <param name="context">The run.</param>
    /// <param name="token">Ends the call and notifies the server.</param>
    /// <exception cref="ToolException">The tool failed. The message holds no secret.</exception>
    public async ValueTask<object?> CallAsync(string tool, string name, ScriptValue arguments, ToolContext context, CancellationToken token)
    {
        Dictionary<string, object?> given = ArgumentJson.MembersOf(arguments, context).ToDictionary((member) => member.Key, (member) => (object?)member.Value);
        var progress = new ProgressReports(context, secrets);
        try
        {
            CallToolResult result = await AskAsync(name, given, progress, token).ConfigureAwait(false);
            ScriptValue value = await CallAnswer.ToValueAsync(tool, result, context, token).ConfigureAwait(false), masked = secrets.Mask.Of(value);
            return context.Counts?.Masked(value, masked) ?? masked;
        }
        catch (ToolException fault)
        {
            throw secrets.Mask.Of(fault);
        }
        catch (McpProtocolException fault)
        {
            string? why = LenientJson.OneLine(secrets.Mask.Of(fault.Message), ErrorCharacters);
            throw ToolFault.Of(ToolCode.McpRefused, $"{tool} failed: {why ?? "the server refused the call"}");
        }
        catch (Exception fault) when (
            fault is McpSourceException or McpException or IOException or HttpRequestException or JsonException or InvalidOperationException)
        {
            // The reason is in the log of the connection. A script cannot act on it.
            throw ToolFault.Of(ToolCode.McpDisconnected, $"{tool} failed: its server is not connected, or sent an unreadable answer");
        }
    }

    private async Task<CallToolResult> AskAsync(string name, Dictionary<string, object?> given, ProgressReports progress, CancellationToken token)
    {
        McpClient client = await link.ClientAsync(token).ConfigureAwait(false);
        try
        {
            return await client.CallToolAsync(name, given, progress, cancellationToken: token).ConfigureAwait(false);
        }
        catch (HttpRequestException fault) when (fault.StatusCode == HttpStatusCode.NotFound)
        {
            // The server no longer knows the session, so it has not run the call. The call is repeated once, in a new session.
            link.Abandon(client);
            McpClient again = await link.ClientAsync(token).ConfigureAwait(false);
            return await again.CallToolAsync(name, given, progress, cancellationToken: token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or ObjectDisposedException)
        {
            link.Abandon(client);
            throw;
        }
    }

    /// <summary>Passes the server's reports of progress on to readers of the run's events.</summary>
    private sealed class ProgressReports(ToolContext context, SourceSecrets secrets) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value)
        {
            double? fraction = value.Total is > 0 && float.IsFinite(value.Progress / value.Total.Value) ? Math.Clamp(value.Progress / value.Total.Value, 0, 1)
                : null;
            context.ReportProgress(LenientJson.OneLine(value.Message is null ? null : secrets.Mask.Of(value.Message), 1_000), fraction);
        }
    }
}
