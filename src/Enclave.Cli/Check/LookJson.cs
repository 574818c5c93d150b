using Enclave.Cli.Parse;

namespace Enclave.Cli.Check;

/// <summary>JSON that <c>enclave check</c> and <c>enclave score</c> have in common.</summary>
internal static class LookJson
{
    /// <summary>A file, one of many, that cannot be read: as <c>enclave parse</c> says it.</summary>
    public static string Unreadable(string file, string message) => $"{{\"file\":{ParseJson.Quote(file)},\"error\":{ParseJson.Error(message)}}}";
}
