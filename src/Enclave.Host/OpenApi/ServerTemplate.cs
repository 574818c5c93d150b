using System.Text;
using System.Text.Json;
using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>A server's address with the defaults of its variables in their places.</summary>
internal static class ServerTemplate
{
    /// <summary>
    /// Each variable stands once for its default, and what a default says is not looked through again: variables in variables would double with each step.
    /// </summary>
    /// <returns>Null where the address would be longer than an address may be.</returns>
    public static string? Fill(string url, JsonElement variables)
    {
        if (url.Length > OpenApiLimits.AddressCharacters) return null;
        var filled = new StringBuilder();
        for (int at = 0; at < url.Length && filled.Length <= OpenApiLimits.AddressCharacters;)
        {
            int open = url.IndexOf('{', at), close = open < 0 ? -1 : url.IndexOf('}', open);
            if (close < 0) open = close = url.Length;
            filled.Append(url, at, open - at);
            if (open < url.Length) filled.Append(variables.Member(url[(open + 1)..close]).Text("default"));
            at = close + 1;
        }

        return filled.Length <= OpenApiLimits.AddressCharacters ? filled.ToString() : null;
    }
}
