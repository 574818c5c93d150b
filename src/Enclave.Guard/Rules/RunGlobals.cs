using System.Collections.Frozen;

namespace Enclave.Guard.Rules;

/// <summary>
/// The names of the globals that the features of a host give to runs: they wait, keep values, or return the remaining limits. Each is a call.
/// </summary>
internal static class RunGlobals
{
    public const string Sleep = "sleep", WaitUntil = "waitUntil", WaitFor = "waitFor", ContinueWith = "continueWith", Store = "store", Load = "load";

    /// <summary>The object whose methods are answered like tools.</summary>
    public const string Limits = "limits";

    public static FrozenSet<string> All { get; } = FrozenSet.Create(StringComparer.Ordinal, Sleep, WaitUntil, WaitFor, ContinueWith, Store, Load, Limits);
}
