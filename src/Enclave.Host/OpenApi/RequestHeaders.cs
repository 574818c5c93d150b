using System.Buffers;
using System.Collections.Frozen;

namespace Enclave.OpenApi;

/// <summary>Which headers a request may carry by the document's word, and which values.</summary>
internal static class RequestHeaders
{
    public const string Authorization = "Authorization";

    /// <summary>Longest value.</summary>
    public const int MaxCharacters = 4096;

    /// <summary>Of the connection, of the message's form, of who is asked and who asks, or the specification's own: a parameter of such a name is ignored.</summary>
    private static readonly FrozenSet<string> s_own = new[]
    {
        "Accept", "Accept-Encoding", "Allow", Authorization, "Connection", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-MD5",
        "Content-Range", "Content-Type", "Cookie", "Expect", "Expires", "Forwarded", "Host", "HTTP2-Settings", "Keep-Alive", "Last-Modified", "Origin", "Proxy-Authorization", "Proxy-Connection", "Referer", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method",
        "X-HTTP-Method-Override", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether it is a header's name, and of none that the request sets itself.</summary>
    public static bool IsFree(string? name) => name is { Length: > 0 and <= 100 } && !name.AsSpan().ContainsAnyExcept(s_token) && !s_own.Contains(name);

    public static bool IsAuthorization(string? name) => Authorization.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Visible ASCII and blanks: nothing that ends a line, and nothing that two programs could read differently.</summary>
    public static bool IsValue(string value) => value.Length <= MaxCharacters && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
