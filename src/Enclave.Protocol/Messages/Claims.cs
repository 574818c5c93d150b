using System.Globalization;

namespace Enclave.Protocol.Messages;

/// <summary>
/// The capabilities of <see cref="ReadyMessage"/>: the layers that the worker claims to have
/// applied. The host checks those that are visible from outside.
/// </summary>
public static class Claims
{
    private const long PageBytes = 4096;

    /// <summary>Resource limits.</summary>
    public const string Limits = "limits";

    /// <summary>Another user.</summary>
    public const string User = "user";

    /// <summary>The filter of system calls.</summary>
    public const string Seccomp = "seccomp";

    /// <summary>No memory that is written and executed.</summary>
    public const string NoExec = "noexec";

    /// <summary>Followed by the version in force.</summary>
    public const string Landlock = "landlock=";

    /// <summary>How memory returns to the checkpoint after a job: written pages are found by write protection.</summary>
    public const string ResetTracked = "reset=tracked";

    /// <summary>Like <see cref="ResetTracked"/>, but every page is copied.</summary>
    public const string ResetCopied = "reset=copied";

    /// <summary>Followed by the hexadecimal addresses of the memory that outlives jobs: <c>BEGIN-END</c>.</summary>
    public const string Book = "book=";

    /// <summary>Followed by the hexadecimal addresses of V8's machine code, a nursery's and its cells': <c>BEGIN-END</c>.</summary>
    public const string Code = "code=";

    /// <summary>The kernel refuses every change of code and constants of files (mseal).</summary>
    public const string Sealed = "sealed";

    /// <summary>The addresses in <see cref="Book"/>; null if there are none.</summary>
    public static (long Begin, long End)? BookOf(IEnumerable<string> claims) => RangeOf(claims, Book);

    /// <summary>The addresses in <see cref="Code"/>; null if there are none, or if they are not whole pages of less than 4 GB.</summary>
    public static (long Begin, long End)? CodeOf(IEnumerable<string> claims) =>
        RangeOf(claims, Code) is var (begin, end) && ((begin | end) & (PageBytes - 1)) == 0 && end - begin <= uint.MaxValue ? (begin, end) : null;

    private static (long Begin, long End)? RangeOf(IEnumerable<string> claims, string name)
    {
        string[]? ends = claims.FirstOrDefault((claim) => claim.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Split('-');
        if (ends is not [var first, var last]) return null;
        bool isRange = long.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long begin);
        isRange &= long.TryParse(last, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long end);
        return isRange && begin > 0 && end > begin ? (begin, end) : null;
    }
}
