using System.Net.Http.Headers;

namespace Enclave.OpenApi;

/// <summary>The treatment of a document's media types.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json", Form = "application/x-www-form-urlencoded", Multipart = "multipart/form-data";

    /// <summary>The type without its parameters, in lower case; null if it is invalid.</summary>
    public static string? Plain(string text) => MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? type) ? type.MediaType?.ToLowerInvariant() : null;

    public static bool IsJson(string? plain) => plain is Json or "text/json" || plain?.EndsWith("+json", StringComparison.Ordinal) == true;
}
