using System.Buffers;
using System.Collections.Frozen;

namespace Enclave.Networks;

/// <summary>The headers that a document may set, and their valid values.</summary>
internal static class RequestHeaders
{
    public const string Authorization = "Authorization";

    /// <summary>The user agent of the host's requests.</summary>
    public const string Agent = "Enclave";

    /// <summary>The longest value.</summary>
    public const int MaxCharacters = 4096;

    /// <summary>
    /// Headers of the connection, of the message's format, of the parties, and of the specification itself. Parameters with such names are ignored. Only the
    /// letters are compared, because a gateway may take <c>X_Forwarded_For</c> for <c>X-Forwarded-For</c>.
    /// </summary>
    private static readonly FrozenSet<string> s_own = new[]
    {
        "Accept", "Accept-Encoding", "Allow", Authorization, "Connection", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
            "Content-Location", "Content-MD5",
        "Content-Range", "Content-Type", "Cookie", "Cookie2", "Expect", "Expires", "Forwarded", "Host", "HTTP2-Settings", "Keep-Alive", "Last-Modified",
        "Origin", "Proxy", "Proxy-Authorization", "Proxy-Connection", "Referer",
        "Remote-Addr", "Remote-User", "Set-Cookie", "TE", "Trailer", "Transfer-Encoding", "True-Client-IP", "Upgrade", "Via", "X-Client-IP",
        "X-Cluster-Client-IP", "X-Host", "X-HTTP-Method",
        "X-HTTP-Method-Override", "X-Method-Override", "X-Original-Host", "X-Original-URL", "X-Real-IP", "X-Remote-User", "X-Rewrite-URL",
    }.Select(WireName.Letters).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Headers in which proxies describe the client: <c>X-Forwarded-For</c>, <c>-Host</c>, <c>-User</c> and others.</summary>
    private static readonly string s_forwarded = WireName.Letters("X-Forwarded-");

    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>True if it is a valid header name, and not one that the request sets itself.</summary>
    public static bool IsFree(string? name)
    {
        if (name is not { Length: > 0 and <= 100 } || name.AsSpan().ContainsAnyExcept(s_token)) return false;
        string letters = WireName.Letters(name);
        return letters.Length > 0 && !s_own.Contains(letters) && !letters.StartsWith(s_forwarded, StringComparison.Ordinal);
    }

    public static bool IsAuthorization(string? name) => Authorization.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Visible ASCII and blanks: no line ends, and no characters that two programs could read differently.</summary>
    public static bool IsValue(string value) => value.Length <= MaxCharacters && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
