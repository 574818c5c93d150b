using System.Net.Http.Headers;

namespace Enclave.OpenApi;

/// <summary>What a document's media types are to a tool.</summary>
internal static class MediaTypes
{
    public const string Json = "application/json";

    /// <summary>The type without its parameters, in small letters; null where it is none.</summary>
    public static string? Plain(string text) => MediaTypeHeaderValue.TryParse(text, out MediaTypeHeaderValue? type) ? type.MediaType?.ToLowerInvariant() : null;

    public static bool IsJson(string? plain) => plain is Json or "text/json" || plain?.EndsWith("+json", StringComparison.Ordinal) == true;
}
