using System.Diagnostics.CodeAnalysis;

namespace Enclave.Guard;

/// <summary>Says if a script may run, and lists its issues.</summary>
/// <param name="Valid">True if no issue is an error.</param>
/// <param name="Issues">Errors and warnings, in the order of the text.</param>
public sealed record ValidationResult(bool Valid, IReadOnlyList<GuardIssue> Issues)
{
    /// <summary>The script, ready to run; null if it is refused, or was only validated.</summary>
    internal GuardedScript? Script { get; init; }

    /// <summary>Other rules that accept a refused script; null if none do, or if other rules were not tried.</summary>
    internal GuardPreset? AcceptedBy { get; init; }

    /// <summary>True if the script is ready to run.</summary>
    [MemberNotNullWhen(true, nameof(Script))]
    internal bool IsAccepted => Script is not null;
}
