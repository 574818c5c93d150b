using System.Text;
using System.Text.Json;
using Enclave.Schemas;

namespace Enclave.OpenApi;

/// <summary>A server's address, with the defaults of its variables.</summary>
internal static class ServerTemplate
{
    /// <summary>
    /// Each variable is replaced once by its default, and defaults are not searched for variables: nested variables could double the text with each step.
    /// </summary>
    /// <returns>Null if the address would be too long.</returns>
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
