using System.Globalization;

namespace Enclave.Protocol.Messages;

/// <summary>The capabilities of <see cref="ReadyMessage"/>: which layers the worker says it put on. The host checks what can be seen from outside.</summary>
internal static class Claims
{
    public const string Limits = "limits";
    public const string User = "user";
    public const string Seccomp = "seccomp";
    public const string NoExec = "noexec";

    /// <summary>Followed by the version in force.</summary>
    public const string Landlock = "landlock=";

    /// <summary>How memory goes back to the checkpoint after a job: pages that were written are known by write protection.</summary>
    public const string ResetTracked = "reset=tracked";

    /// <summary>As <see cref="ResetTracked"/>, but every page is copied.</summary>
    public const string ResetCopied = "reset=copied";

    /// <summary>Followed by the addresses, in hexadecimal, between which the worker keeps what outlives jobs: <c>BEGIN-END</c>.</summary>
    public const string Book = "book=";

    /// <summary>The addresses in <see cref="Book"/>; null when they are not there.</summary>
    public static (long Begin, long End)? BookOf(IEnumerable<string> claims)
    {
        string[]? ends = claims.FirstOrDefault((claim) => claim.StartsWith(Book, StringComparison.Ordinal))?[Book.Length..].Split('-');
        if (ends is not [var first, var last]) return null;
        bool isRange = long.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long begin);
        isRange &= long.TryParse(last, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long end);
        return isRange && begin > 0 && end > begin ? (begin, end) : null;
    }
}
