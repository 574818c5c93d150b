using Enclave.Tenants.Scripts;

namespace Enclave.Tenants.Schedules;

/// <summary>Keeps schedules in this process.</summary>
internal sealed class MemoryScheduleStore : ScheduleStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ScriptKey, ScheduleStatus> _schedules = [];
    private readonly HashSet<(ScriptKey Key, DateTimeOffset Time)> _claims = [];

    internal override Task<ScheduleStatus?> FindAsync(ScriptKey key, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_schedules.GetValueOrDefault(key));
    }

    internal override Task<ScheduleStatus?> ChangeAsync(
        ScriptKey key, Func<ScheduleStatus?, FiringClaims, ScheduleStatus?> change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ScheduleStatus? before = _schedules.GetValueOrDefault(key), after = change(before, new Claims(this, key));
            if (before is null && after is not null && _schedules.Count >= MaxSchedules) throw Full();
            if (after is null) _schedules.Remove(key);
            else _schedules[key] = after;
            return Task.FromResult(after);
        }
    }

    internal override Task<IReadOnlyList<ScheduleStatus>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(InOrder(_schedules.Values));
    }

    private sealed class Claims(MemoryScheduleStore store, ScriptKey key) : FiringClaims
    {
        // The lock of the store is held, and may be taken again.
        public override IDisposable? TryTake(DateTimeOffset time)
        {
            lock (store._gate) return store._claims.Add((key, time)) ? new Claim(store, key, time) : null;
        }
    }

    private sealed class Claim(MemoryScheduleStore store, ScriptKey key, DateTimeOffset time) : IDisposable
    {
        public void Dispose()
        {
            lock (store._gate) store._claims.Remove((key, time));
        }
    }
}
