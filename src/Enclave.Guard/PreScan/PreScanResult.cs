namespace Enclave.Guard.PreScan;

/// <summary>What the pre-scan found.</summary>
/// <param name="Issues">In the order in which they were found, the fatal one last.</param>
/// <param name="Fatal">The issue that ended the scan; null if the script may be parsed.</param>
/// <param name="Stats">What was measured, up to the fatal issue.</param>
/// <param name="Regexes">The regular expression literals, up to the fatal issue.</param>
internal sealed record PreScanResult(IReadOnlyList<GuardIssue> Issues, GuardIssue? Fatal, PreScanStats Stats, IReadOnlyList<ScannedRegex> Regexes);

/// <summary>What the pre-scan measured.</summary>
/// <param name="InputBytes">The script's size in UTF-8.</param>
/// <param name="Lines">Its lines, at least 1.</param>
/// <param name="LongestLine">Its longest line in UTF-16 units.</param>
/// <param name="BracketDepth">Its deepest nesting.</param>
/// <param name="Regexes">Its regular expression literals.</param>
/// <param name="StringTotal">The content of its strings and templates in UTF-16 units.</param>
/// <param name="UnicodeIssues">Its bidirectional controls, invisible characters and homographs that were reported.</param>
internal readonly record struct PreScanStats(int InputBytes, int Lines, int LongestLine, int BracketDepth, int Regexes, long StringTotal, int UnicodeIssues);

/// <summary>A regular expression literal that the pre-scan took for one.</summary>
/// <param name="Pattern">What stands between the slashes.</param>
/// <param name="Flags">What stands behind them.</param>
/// <param name="Offset">Where the first slash is.</param>
internal readonly record struct ScannedRegex(string Pattern, string Flags, int Offset);
