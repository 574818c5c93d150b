using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Enclave.Broker.Access;

/// <summary>Decides which web pages may use the broker. Requests from other origins are refused, also those that browsers send without a preflight.</summary>
internal sealed class Origins(BrokerOptions options)
{
    private readonly bool _any = options.AllowedOrigins.Contains("*");
    private readonly HashSet<string> _allowed = [.. options.AllowedOrigins.Select((origin) => origin.TrimEnd('/'))];

    /// <summary>Returns whether the request may proceed. Sets the headers that a page of an allowed origin needs to read the response.</summary>
    public bool Admit(HttpContext context)
    {
        string? origin = context.Request.Headers.Origin;
        if (_any)
        {
            Allow(context.Response.Headers, "*");
            return true;
        }

        if (_allowed.Count > 0) context.Response.Headers.Append(HeaderNames.Vary, "Origin");
        // The request comes from a program, not from a page.
        if (string.IsNullOrEmpty(origin)) return true;
        if (_allowed.Contains(origin))
        {
            Allow(context.Response.Headers, origin);
            return true;
        }

        return IsOwn(context.Request, origin);
    }

    private static bool IsOwn(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && string.Equals(from.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
            && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static void Allow(IHeaderDictionary headers, string origin)
    {
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = "GET, POST, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = "Content-Type, Accept, Last-Event-ID, Authorization";
        headers.AccessControlExposeHeaders = "X-Session-ID";
        headers.AccessControlMaxAge = "86400";
    }
}
