namespace Enclave.Guard.PreScan;

/// <summary>The result of the pre-scan.</summary>
/// <param name="Issues">The issues in the order in which they were found, the fatal one last.</param>
/// <param name="Fatal">The issue that ended the scan; null if the script may be parsed.</param>
/// <param name="Stats">The measurements up to the fatal issue.</param>
/// <param name="Regexes">The regular expression literals up to the fatal issue.</param>
internal sealed record PreScanResult(IReadOnlyList<GuardIssue> Issues, GuardIssue? Fatal, PreScanStats Stats, IReadOnlyList<ScannedRegex> Regexes);

/// <summary>The measurements of the pre-scan.</summary>
/// <param name="InputBytes">The script's size in UTF-8.</param>
/// <param name="Lines">The number of lines, at least 1.</param>
/// <param name="LongestLine">The length of the longest line in UTF-16 units.</param>
/// <param name="BracketDepth">The deepest nesting.</param>
/// <param name="Regexes">The number of regular expression literals.</param>
/// <param name="StringTotal">The length of all strings and templates in UTF-16 units.</param>
/// <param name="UnicodeIssues">The number of bidirectional controls, invisible characters and homographs that were reported.</param>
internal readonly record struct PreScanStats(int InputBytes, int Lines, int LongestLine, int BracketDepth, int Regexes, long StringTotal, int UnicodeIssues);

/// <summary>A regular expression literal, as the pre-scan reads it.</summary>
/// <param name="Pattern">The text between the slashes.</param>
/// <param name="Flags">The letters behind them.</param>
/// <param name="Offset">The offset of the first slash.</param>
internal readonly record struct ScannedRegex(string Pattern, string Flags, int Offset);
