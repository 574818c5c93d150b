using Microsoft.Extensions.Logging;

namespace Enclave.Mcp.Diagnostics;

/// <summary>Log lines about servers. A server's own text is masked.</summary>
internal static partial class McpLog
{
    [LoggerMessage(900, LogLevel.Information, "The MCP server {Server} has {Tools} tools, {Skipped} were left out")]
    public static partial void ToolsRead(ILogger log, string server, int tools, int skipped);

    [LoggerMessage(903, LogLevel.Warning, "The MCP server {Server} has a tool that cannot be used: {Tool}")]
    public static partial void ToolSkipped(ILogger log, string server, string tool);

    [LoggerMessage(901, LogLevel.Warning, "The MCP server {Server} is not connected: {Why}")]
    public static partial void Disconnected(ILogger log, string server, string why);

    [LoggerMessage(902, LogLevel.Warning, "The tools of the MCP server {Server} could not be read again and stay as they were: {Why}")]
    public static partial void RefreshFailed(ILogger log, string server, string why);
}
