using Microsoft.Extensions.Logging;

namespace Enclave.Mcp.AspNetCore.Diagnostics;

/// <summary>The lines of the log. None has a header, a token or a session's id.</summary>
internal static partial class EndpointLog
{
    [LoggerMessage(1200, LogLevel.Error, "a request to the MCP server failed")]
    public static partial void RequestFailed(ILogger log, Exception fault);
}
