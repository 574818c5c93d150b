namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>
/// Selects the runtime to ask next: the one with the fewest sessions among those with free slots, ties in turn. A runtime
/// that failed is asked after its pause, or if there is no other.
/// </summary>
internal sealed class RuntimeSelector(IReadOnlyList<RemoteRuntime> runtimes)
{
    private uint _turn;

    public IReadOnlyList<RemoteRuntime> All => runtimes;

    /// <summary>True if a new session would find a runtime, according to the last probes.</summary>
    public bool AnyIsReachable => runtimes.Any((runtime) => runtime.IsReachable);

    /// <summary>True if every runtime speaks only other protocol versions, according to the last probes.</summary>
    public bool AllAreIncompatible => runtimes.All((runtime) => runtime.IsIncompatible);

    /// <summary>Sessions that could begin now. Very large if a runtime reports no limit, or if all are unreachable: then each is asked.</summary>
    public int FreeSlots => runtimes.Any((runtime) => runtime.IsUsable)
        ? runtimes.Where((runtime) => runtime.IsUsable).Aggregate(0, (sum, runtime) => Math.Min(int.MaxValue / 2, sum + runtime.FreeSlots))
        : int.MaxValue / 2;

    /// <summary>The next runtime for a session; null while none has a free slot.</summary>
    /// <param name="failed">Runtimes that failed this session. Each is asked once.</param>
    /// <param name="noMoreRuntimes">True if no runtime is left to try.</param>
    public RemoteRuntime? Next(IReadOnlyCollection<RemoteRuntime> failed, out bool noMoreRuntimes)
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
                if (runtime.FreeSlots > 0 && (best is null || runtime.Active < best.Active)) best = runtime;
            }
        }

        noMoreRuntimes = !anyUsable && last is null;
        return anyUsable ? best : last;
    }
}
