using System.Diagnostics.CodeAnalysis;

namespace Enclave.Guard;

/// <summary>The guard's decision on a script: accepted, or refused with reasons.</summary>
/// <param name="Script">The accepted script; null if it is refused.</param>
/// <param name="Issues">Errors and warnings, in the order of the text.</param>
public sealed record GuardVerdict(GuardedScript? Script, ImmutableArray<GuardIssue> Issues)
{
    /// <summary>True if the script may run.</summary>
    [MemberNotNullWhen(true, nameof(Script))]
    public bool IsAccepted => Script is not null;
}
