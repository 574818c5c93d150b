using System.Buffers;
using System.Collections.Frozen;

namespace Enclave.Fetch;

/// <summary>Methods of requests.</summary>
internal static class FetchMethods
{
    private static readonly SearchValues<char> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ-");

    /// <summary>Methods that open tunnels, or that return the headers of the request, which may carry a secret.</summary>
    private static readonly FrozenSet<string> s_never = FrozenSet.Create(StringComparer.Ordinal, "CONNECT", "TRACE", "TRACK");

    private static readonly FrozenSet<string> s_reading = FrozenSet.Create(StringComparer.Ordinal, "GET", "HEAD", "OPTIONS");

    /// <summary>True if an operator may allow it.</summary>
    public static bool IsAllowed(string? method) =>
        method is { Length: > 0 and <= 30 } && !method.AsSpan().ContainsAnyExcept(s_letters) && !s_never.Contains(method);

    /// <summary>True if requests with this method may have a body.</summary>
    public static bool HasBody(string method) => method is not ("GET" or "HEAD");

    /// <summary>The effects of requests with these methods. Every request sends: its address leaves the application's control.</summary>
    public static ToolEffects EffectsOf(IEnumerable<string> methods)
    {
        ToolEffects effects = ToolEffects.Reads | ToolEffects.Sends;
        foreach (string method in methods)
        {
            if (method == "DELETE") effects |= ToolEffects.Deletes;
            else if (!s_reading.Contains(method)) effects |= ToolEffects.Writes;
        }

        return effects;
    }

    /// <summary>The method of the request that follows a redirect; the standard makes it a GET without a body in these cases.</summary>
    public static string After(int status, string method) =>
        (status == 303 && method is not ("GET" or "HEAD")) || (status is 301 or 302 && method == "POST") ? "GET" : method;
}
