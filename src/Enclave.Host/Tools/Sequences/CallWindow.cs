namespace Enclave.Tools.Sequences;

/// <summary>The calls of a window, oldest first, and the sum of their amounts.</summary>
internal sealed class CallWindow
{
    private readonly Queue<(PastCall Call, long Amount)> _calls = new();

    public int Count => _calls.Count;

    public long Sum { get; private set; }

    public PastCall First => _calls.Peek().Call;

    public void Add(PastCall call, long amount)
    {
        _calls.Enqueue((call, amount));
        Sum += amount;
    }

    /// <summary>Drops calls that are too old.</summary>
    public void Forget(Func<PastCall, bool> isOld)
    {
        while (_calls.TryPeek(out (PastCall Call, long Amount) oldest) && isOld(oldest.Call)) Sum -= _calls.Dequeue().Amount;
    }
}
