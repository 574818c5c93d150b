using Enclave.Tenants.Schedules;
using Enclave.Tenants.Scripts;

namespace Enclave.Tenants;

/// <summary>The schedules of a store: adds, shows, pauses and removes them (docs/scripts.md). <see cref="ScriptScheduler"/> runs them. Thread-safe.</summary>
public sealed class SavedSchedules
{
    private const int MaxTimes = 1000;

    private readonly ScheduleStore _store;
    private readonly TimeProvider _clock;

    /// <param name="store">The store.</param>
    /// <param name="clock">The clock. Default: the system's.</param>
    public SavedSchedules(ScheduleStore store, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_store, _clock) = (store, clock ?? TimeProvider.System);
    }

    /// <summary>Adds a schedule, or changes the one of this name: its runs stay. Times before this moment do not count.</summary>
    /// <exception cref="SavedScriptException">A value is out of its range, or the store failed.</exception>
    public async Task<ScheduleStatus> AddAsync(ScriptSchedule schedule, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ScheduleTimes.Check(schedule);
        DateTimeOffset now = _clock.GetUtcNow();
        schedule = schedule with { Start = schedule.Start ?? now };
        if (ScheduleTimes.Next(schedule, now) is null)
            throw new SavedScriptException(SavedScriptFault.OutOfRange, $"{schedule.Name} has no time after {now:O}: it would never run");
        return (await _store.ChangeAsync(KeyOf(schedule), (before, _) => before is null
            ? new ScheduleStatus { Schedule = schedule, Decided = now }
            : before with { Schedule = schedule, Decided = before.Decided > now ? before.Decided : now }, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>The schedules, by tenant and name.</summary>
    /// <param name="tenant">Only those of this tenant; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SavedScriptException">The store failed.</exception>
    public async Task<IReadOnlyList<ScheduleStatus>> ListAsync(string? tenant = null, CancellationToken cancellationToken = default) =>
        [.. (await _store.ListAsync(cancellationToken).ConfigureAwait(false)).Where((one) => tenant is null || one.Schedule.Tenant == tenant)];

    /// <summary>Finds a schedule; null if there is none.</summary>
    /// <exception cref="SavedScriptException">The store failed.</exception>
    public Task<ScheduleStatus?> FindAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _store.FindAsync(new ScriptKey(tenant, name).Checked(), cancellationToken);
    }

    /// <summary>Lets no run begin from now on; a running one continues to its end. Times during the pause are missed.</summary>
    /// <exception cref="SavedScriptException">There is no such schedule, or the store failed.</exception>
    public Task<ScheduleStatus> PauseAsync(string name, string? tenant = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(name, tenant, (status) => status with { IsPaused = true }, cancellationToken);

    /// <summary>Lets runs begin again. <see cref="ScriptSchedule.Missed"/> decides about the times that were missed.</summary>
    /// <exception cref="SavedScriptException">There is no such schedule, or the store failed.</exception>
    public Task<ScheduleStatus> ResumeAsync(string name, string? tenant = null, CancellationToken cancellationToken = default) =>
        ChangeAsync(name, tenant, (status) => status with { IsPaused = false }, cancellationToken);

    /// <summary>Removes a schedule. A run that runs comes to its end.</summary>
    /// <exception cref="SavedScriptException">There is no such schedule, or the store failed.</exception>
    public async Task RemoveAsync(string name, string? tenant = null, CancellationToken cancellationToken = default)
    {
        ScriptKey key = await NeededAsync(name, tenant, cancellationToken).ConfigureAwait(false);
        await _store.ChangeAsync(key, (_, _) => null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The next times of a schedule.</summary>
    /// <param name="schedule">The schedule, which need not be in a store.</param>
    /// <param name="after">The moment before them.</param>
    /// <param name="count">Their number. Range: 1 to 1,000.</param>
    /// <exception cref="SavedScriptException">A value is out of its range.</exception>
    public static IReadOnlyList<DateTimeOffset> Next(ScriptSchedule schedule, DateTimeOffset after, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxTimes);
        ScheduleTimes.Check(schedule);
        schedule = schedule with { Start = schedule.Start ?? after };
        var times = new List<DateTimeOffset>();
        while (times.Count < count && ScheduleTimes.Next(schedule, after) is { } next) times.Add(after = next);
        return times;
    }

    private async Task<ScheduleStatus> ChangeAsync(
        string name, string? tenant, Func<ScheduleStatus, ScheduleStatus> change, CancellationToken cancellationToken)
    {
        ScriptKey key = await NeededAsync(name, tenant, cancellationToken).ConfigureAwait(false);
        return await _store.ChangeAsync(key, (before, _) => change(before ?? throw Unknown(key)), cancellationToken).ConfigureAwait(false)
            ?? throw Unknown(key);
    }

    private async Task<ScriptKey> NeededAsync(string name, string? tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ScriptKey key = new ScriptKey(tenant, name).Checked();
        return await _store.FindAsync(key, cancellationToken).ConfigureAwait(false) is null ? throw Unknown(key) : key;
    }

    private static ScriptKey KeyOf(ScriptSchedule schedule) => new ScriptKey(schedule.Tenant, schedule.Name).Checked();

    private static SavedScriptException Unknown(ScriptKey key) => new(
        SavedScriptFault.NotFound, $"there is no schedule {key}: enclave schedules list shows those that there are, and enclave schedules add makes one");
}
