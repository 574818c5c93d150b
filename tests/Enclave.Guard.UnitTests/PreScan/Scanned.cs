using Enclave.Guard.PreScan;

namespace Enclave.Guard.Tests.PreScan;

/// <summary>Short forms for most tests of the pre-scan.</summary>
internal static class Scanned
{
    public static string? Code(string source, PreScanLimits limits) => PreScanner.Scan(source, limits).Fatal?.Code;

    public static string? Code(string source) => Code(source, ScanColumns.Standard);

    public static int Depth(string source) => PreScanner.Scan(source, ScanColumns.Permissive).Stats.BracketDepth;

    public static string[] Regexes(string source)
    {
        PreScanResult result = PreScanner.Scan(source, ScanColumns.Permissive);
        Assert.Null(result.Fatal);
        return [.. result.Regexes.Select((regex) => $"/{regex.Pattern}/{regex.Flags}")];
    }

    public static string Times(this string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
