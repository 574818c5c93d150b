using Enclave.Tenants.Schedules;
using Enclave.Tenants.Scripts;

namespace Enclave.Tenants;

/// <summary>Keeps schedules, and the claims of their runs.</summary>
public abstract class ScheduleStore
{
    /// <summary>The most schedules of a store.</summary>
    internal const int MaxSchedules = 10_000;

    private protected ScheduleStore()
    {
    }

    /// <summary>Keeps schedules in this process.</summary>
    public static ScheduleStore InMemory() => new MemoryScheduleStore();

    /// <summary>
    /// Keeps schedules in files of this folder, which may also hold saved scripts and recordings. Schedulers of any number of processes of this machine may
    /// share it: each run begins at one of them. It is created.
    /// </summary>
    public static ScheduleStore InFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FolderScheduleStore(path);
    }

    /// <summary>Finds a schedule; null if there is none.</summary>
    /// <exception cref="SavedScriptException">The store failed.</exception>
    internal abstract Task<ScheduleStatus?> FindAsync(ScriptKey key, CancellationToken cancellationToken);

    /// <summary>Changes a schedule. No other change of it happens meanwhile, and no claim is taken.</summary>
    /// <param name="key">The schedule.</param>
    /// <param name="change">Returns the schedule after the change; null removes it.</param>
    /// <param name="cancellationToken">Ends the wait for other changes.</param>
    internal abstract Task<ScheduleStatus?> ChangeAsync(
        ScriptKey key, Func<ScheduleStatus?, FiringClaims, ScheduleStatus?> change, CancellationToken cancellationToken);

    /// <summary>All schedules, by tenant and name. Damaged ones are left out.</summary>
    internal abstract Task<IReadOnlyList<ScheduleStatus>> ListAsync(CancellationToken cancellationToken);

    private protected static IReadOnlyList<ScheduleStatus> InOrder(IEnumerable<ScheduleStatus> all) =>
        [.. all.OrderBy((one) => one.Schedule.Tenant, StringComparer.Ordinal).ThenBy((one) => one.Schedule.Name, StringComparer.Ordinal)];

    private protected static SavedScriptException Full() =>
        new(SavedScriptFault.OutOfRange, $"the store has {MaxSchedules} schedules, and takes no more: remove one (enclave schedules remove)");
}
