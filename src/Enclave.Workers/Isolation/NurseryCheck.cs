using System.Globalization;
using Enclave.Protocol.Messages;

namespace Enclave.Isolation;

/// <summary>Compares a nursery with the kernel's view of it, before it forks its first worker.</summary>
/// <remarks>Its workers inherit the rest of their isolation from it, and <see cref="IsolationCheck"/> reads all of it from each of them.</remarks>
internal static class NurseryCheck
{
    // linux/capability.h: CAP_KILL 5, CAP_SETGID 6, CAP_SETUID 7.
    private const ulong ForOtherUsers = 1 << 5 | 1 << 6 | 1 << 7;

    /// <summary>Describes the first claim that the kernel contradicts; null if there is none, or if the process is gone or hidden.</summary>
    /// <param name="plan">The intended isolation.</param>
    /// <param name="claims">The nursery's report.</param>
    /// <param name="seen">The kernel's view.</param>
    /// <param name="inherited">The number of filters that it inherited from the host.</param>
    public static string? Mismatch(IsolationPlan plan, IReadOnlyList<string> claims, WorkerInspection seen, int? inherited)
    {
        if (seen.Threads.Count == 0) return null;
        if (!seen.All("NoNewPrivs", "1")) return "no_new_privs is not set";
        if (plan.Applies(IsolationLayer.Seccomp) && claims.Contains(Claims.Seccomp)
            && !(seen.All("Seccomp", "2") && inherited is { } before && seen.HasMoreFilters(before)))
            return "it says that it filters system calls, and it does not";
        if (plan.Form == JailForm.Bubblewrap && seen.SharedNamespaces() is { Count: > 0 } shared) return $"{string.Join(", ", shared)} is the host's own";
        if (!plan.Applies(IsolationLayer.DroppedUser)) return null;
        ulong kept = plan.ChangesUser ? ForOtherUsers : 0;
        bool isBare = seen.All("CapInh", (set) => Holds(set, 0)) && seen.All("CapAmb", (set) => Holds(set, 0))
            && seen.All("CapPrm", (set) => Holds(set, kept)) && seen.All("CapEff", (set) => Holds(set, kept));
        return isBare ? null : "it holds more capabilities than it needs to give workers their users";
    }

    /// <summary>True if the set has none but these capabilities.</summary>
    private static bool Holds(string set, ulong most) =>
        ulong.TryParse(set, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong held) && (held & ~most) == 0;
}
