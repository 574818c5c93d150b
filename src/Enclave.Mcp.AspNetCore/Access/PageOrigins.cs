using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Enclave.Mcp.AspNetCore.Access;

/// <summary>Decides which web pages may use the server.</summary>
internal sealed class PageOrigins(McpEndpointOptions options)
{
    private readonly bool _any = options.AllowedOrigins.Contains("*");
    private readonly HashSet<string> _allowed = [.. options.AllowedOrigins.Select((origin) => origin.TrimEnd('/'))];

    /// <summary>Returns whether the request may proceed. Sets the headers that a page of an allowed origin needs to read the response.</summary>
    public bool Admit(HttpContext context)
    {
        string? origin = context.Request.Headers.Origin;
        if (_allowed.Count > 0) context.Response.Headers.Append(HeaderNames.Vary, "Origin");
        // A program, not a page.
        if (string.IsNullOrEmpty(origin)) return true;
        if (_any || _allowed.Contains(origin))
        {
            Allow(context.Response.Headers, _any ? "*" : origin);
            return true;
        }

        return IsOwn(context, origin);
    }

    /// <remarks>
    /// With DNS rebinding, a page of a stranger has this server's address under the stranger's name: its origin is then the server's own. Its browser has no
    /// token, so without authentication only names of this machine count.
    /// </remarks>
    private static bool IsOwn(HttpContext context, string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)) return false;
        HttpRequest request = context.Request;
        bool isSame = string.Equals(from.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
            && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
        return isSame && (from.IsLoopback || context.User.Identity is { IsAuthenticated: true });
    }

    private static void Allow(IHeaderDictionary headers, string origin)
    {
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = "GET, POST, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = "Content-Type, Accept, Authorization, Last-Event-ID, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name";
        headers.AccessControlExposeHeaders = "Mcp-Session-Id";
        headers.AccessControlMaxAge = "86400";
    }
}
