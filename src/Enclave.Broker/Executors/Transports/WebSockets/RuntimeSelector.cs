namespace Enclave.Broker.Executors.Transports.WebSockets;

/// <summary>Which runtime is asked next: the one with the fewest sessions, ties in turn; one that failed only after its pause, or when there is no other.</summary>
internal sealed class RuntimeSelector(IReadOnlyList<RemoteRuntime> runtimes)
{
    private uint _turn;

    public IReadOnlyList<RemoteRuntime> All => runtimes;

    /// <summary>Whether any is worth asking.</summary>
    public bool AnyIsWorthAsking => runtimes.Any((runtime) => runtime.IsWorthAsking);

    /// <summary>Whether none can be spoken with, as far as was seen.</summary>
    public bool AllAreForeign => runtimes.All((runtime) => runtime.IsForeign);

    /// <summary>Every runtime once, the best first.</summary>
    public IEnumerable<RemoteRuntime> Order()
    {
        int first = (int)(Interlocked.Increment(ref _turn) % (uint)runtimes.Count);
        return Enumerable.Range(0, runtimes.Count).Select((i) => runtimes[(first + i) % runtimes.Count])
            .OrderBy((runtime) => runtime.IsWorthAsking ? 0 : 1).ThenBy((runtime) => runtime.Active).ToArray();
    }
}
