namespace Enclave.Cli.Commands;

/// <summary>Formats counts for people.</summary>
internal static class Plural
{
    /// <summary>For example <c>1 file</c> and <c>2 files</c>.</summary>
    public static string Of(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
