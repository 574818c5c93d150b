namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>
/// Which runtime is asked next: of those with room the one with the fewest sessions, ties in turn; one that failed only after its pause, or when there is no
/// other.
/// </summary>
internal sealed class RuntimeSelector(IReadOnlyList<RemoteRuntime> runtimes)
{
    private uint _turn;

    public IReadOnlyList<RemoteRuntime> All => runtimes;

    /// <summary>Whether a session that comes now would find a runtime, as far as was seen.</summary>
    public bool AnyIsThere => runtimes.Any((runtime) => runtime.IsThere);

    /// <summary>Whether none can be spoken with, as far as was seen.</summary>
    public bool AllAreForeign => runtimes.All((runtime) => runtime.IsForeign);

    /// <summary>Sessions that could begin now; a great many where a runtime has not said how many it takes, or all are away: then each is asked.</summary>
    public int Room => runtimes.Any((runtime) => runtime.IsUsable) ? runtimes.Where((runtime) => runtime.IsUsable).Aggregate(0, (sum, runtime) => Math.Min(int.MaxValue / 2, sum + runtime.Room)) : int.MaxValue / 2;

    /// <summary>The next one for a session that these have failed; null while none has room.</summary>
    /// <param name="failed">Each is asked once by a session.</param>
    /// <param name="isOver">Whether there will be none.</param>
    public RemoteRuntime? Next(IReadOnlyCollection<RemoteRuntime> failed, out bool isOver)
    {
        int first = (int)(Interlocked.Increment(ref _turn) % (uint)runtimes.Count);
        RemoteRuntime? best = null, last = null;
        bool anyUsable = false;
        for (int i = 0; i < runtimes.Count; i++)
        {
            RemoteRuntime runtime = runtimes[(first + i) % runtimes.Count];
            if (failed.Contains(runtime)) continue;
            if (!runtime.IsUsable) last ??= runtime;
            else
            {
                anyUsable = true;
                if (runtime.Room > 0 && (best is null || runtime.Active < best.Active)) best = runtime;
            }
        }

        isOver = !anyUsable && last is null;
        return anyUsable ? best : last;
    }
}
