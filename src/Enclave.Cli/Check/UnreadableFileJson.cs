using Enclave.Cli.Parse;

namespace Enclave.Cli.Check;

/// <summary>JSON output that <c>enclave check</c> and <c>enclave score</c> share.</summary>
internal static class UnreadableFileJson
{
    /// <summary>A file among several that cannot be read, in the form of <c>enclave parse</c>.</summary>
    public static string Unreadable(string file, string message) => $"{{\"file\":{ParseJson.Quote(file)},\"error\":{ParseJson.Error(message)}}}";
}
