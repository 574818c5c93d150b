using System.Security.Cryptography;
using System.Text;

namespace Enclave.Tenants.Scripts;

/// <summary>The changes of a saved script, and the choice of a version: decisions without a store.</summary>
internal static class ScriptChanges
{
    /// <summary>The most versions of one script.</summary>
    public const int MaxVersions = 50;

    private const int MaxTenants = 1000;

    /// <summary>Adds a version. The oldest one that no run gets makes room for it.</summary>
    public static SavedScript Add(SavedScript? script, ScriptKey key, SavedVersion version, bool activate)
    {
        SavedScript before = script ?? new SavedScript { Name = key.Name, Tenant = key.Tenant, Versions = [] };
        if (before.Versions.Count > 0 && IsSame(before.Newest, version)) return activate ? Activate(before, before.Newest.Number) : before;
        List<SavedVersion> versions = [.. before.Versions];
        while (versions.Count >= MaxVersions) versions.Remove(versions.First((one) => !IsUsed(before, one.Number)));
        versions.Add(version with { Number = before.Versions.Count == 0 ? 1 : before.Newest.Number + 1 });
        HashSet<int> kept = [.. versions.Select((one) => one.Number)];
        SavedScript after = before with { Versions = versions, Earlier = [.. before.Earlier.Where(kept.Contains)] };
        return activate ? Activate(after, after.Newest.Number) : after;
    }

    /// <summary>Lets all runs get a version. A trial ends.</summary>
    public static SavedScript Activate(SavedScript script, int version)
    {
        Needed(script, version);
        if (script.Active == version) return script with { Trial = null };
        IEnumerable<int> earlier = script.Active is { } active ? script.Earlier.Append(active) : script.Earlier;
        return script with { Active = version, Earlier = [.. earlier.TakeLast(MaxVersions)], Trial = null };
    }

    /// <summary>Lets some runs get a version.</summary>
    public static SavedScript Try(SavedScript script, ScriptTrial trial)
    {
        Needed(script, trial.Version);
        if (trial.Percent is < 0 or > 100) throw OutOfRange($"the share of a trial is {trial.Percent} percent; range: 0 to 100");
        if (trial.Tenants.Count > MaxTenants) throw OutOfRange($"a trial has {trial.Tenants.Count} tenants; at most {MaxTenants} are allowed");
        return script with { Trial = trial };
    }

    /// <summary>Goes back: ends the trial, or else activates the version before the active one.</summary>
    /// <exception cref="SavedScriptException">There is nothing to go back to.</exception>
    public static SavedScript RollBack(SavedScript script)
    {
        if (script.Trial is not null) return script with { Trial = null };
        if (script.Earlier.Count == 0) throw new SavedScriptException(
            SavedScriptFault.NotFound, $"{script.Name} has no trial and no version that was active before: activate a version by its number");
        return script with { Active = script.Earlier[^1], Earlier = [.. script.Earlier.SkipLast(1)] };
    }

    /// <summary>The version that a run gets.</summary>
    /// <param name="script">The script.</param>
    /// <param name="asked">The version that the caller names; null for the active one.</param>
    /// <param name="run">The run: its tenant, and its key or id.</param>
    /// <exception cref="SavedScriptException">There is no such version, or none is active.</exception>
    public static SavedVersion Choose(SavedScript script, int? asked, RunOptions run)
    {
        if (asked is { } number) return Needed(script, number);
        if (script.Trial is { } trial && IsIn(script, trial, run)) return Needed(script, trial.Version);
        return script.Active is { } active ? Needed(script, active) : throw new SavedScriptException(
            SavedScriptFault.NotFound,
            $"{script.Name} has {script.Versions.Count} drafts and no active version: activate one, or name one, as {script.Name}@1");
    }

    /// <summary>The versions that a run can get without naming one.</summary>
    public static IEnumerable<SavedVersion> Chosen(SavedScript script) =>
        script.Versions.Where((version) => version.Number == script.Active || version.Number == script.Trial?.Version);

    /// <exception cref="SavedScriptException">There is no such version.</exception>
    public static SavedVersion Needed(SavedScript script, int number) => script.Find(number) ?? throw new SavedScriptException(
        SavedScriptFault.NotFound, $"{script.Name} has no version {number}; its versions are {script.Versions[0].Number} to {script.Newest.Number}");

    /// <summary>A key stays on its side of a share, and a larger share takes no key out.</summary>
    private static bool IsIn(SavedScript script, ScriptTrial trial, RunOptions run)
    {
        if (run.Tenant is { } tenant && trial.Tenants.Contains(tenant, StringComparer.Ordinal)) return true;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{script.Name}@{trial.Version}\n{run.Tenant}\n{run.Key ?? run.RunId}"));
        return BitConverter.ToUInt32(hash) % 100 < trial.Percent;
    }

    private static bool IsSame(SavedVersion one, SavedVersion other) =>
        (one.Sha256, one.Parameters, one.Language) == (other.Sha256, other.Parameters, other.Language);

    private static bool IsUsed(SavedScript script, int number) =>
        number == script.Active || number == script.Trial?.Version || (script.Earlier.Count > 0 && number == script.Earlier[^1]);

    private static SavedScriptException OutOfRange(string message) => new(SavedScriptFault.OutOfRange, message);
}
