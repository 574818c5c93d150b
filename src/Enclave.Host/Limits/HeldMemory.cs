using Enclave.Workers;

namespace Enclave.Limits;

/// <summary>Bytes of the host's memory that a run holds until the last user releases them.</summary>
internal sealed class HeldMemory : IFrameMemory
{
    private readonly RunMemory? _run;
    private readonly long _free;
    private readonly long _host;
    private readonly IDisposable? _turn;
    private int _users = 1;
    private int _given;
    private HeldMemory? _more;
    private HeldMemory? _next;
    private long _grown;

    /// <param name="run">The run that holds it; null for none.</param>
    /// <param name="free">Bytes of the run's own share.</param>
    /// <param name="host">Bytes of the share of all runs.</param>
    public HeldMemory(RunMemory? run, long free, long host) => (_run, _free, _host) = (run, free, host);

    /// <param name="turn">A turn that takes the place of memory.</param>
    public HeldMemory(IDisposable turn) => _turn = turn;

    /// <summary>No memory, for calls that did not come from a worker.</summary>
    public static HeldMemory None { get; } = new(null, 0, 0);

    /// <summary>The bytes that it grew by.</summary>
    public long Grown => Volatile.Read(ref _grown);

    /// <summary>Reserves more for the same run; null if there is no room now.</summary>
    public HeldMemory? TryHoldMore(long bytes) => _run is null ? None : _run.TryHold(bytes);

    /// <summary>Reserves more until these bytes are released. False if there is no room now.</summary>
    public bool TryGrow(long bytes)
    {
        if (_run is null) return true;
        if (_run.TryHold(bytes) is not { } more) return false;
        Add(more, bytes);
        return true;
    }

    /// <summary>
    /// Reserves memory for the result of a call until these bytes are released. Without room beside the memory of other runs the call waits for its turn: such
    /// results are made one by one. False if these are more bytes than any result may take.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public async ValueTask<bool> GrowByResultAsync(long bytes, CancellationToken cancellationToken)
    {
        if (bytes > (_run?.MostOfResult ?? HostMemory.LeastOfResult)) return false;
        if (TryGrow(bytes)) return true;
        Add(new HeldMemory(await _run!.TakeTurnAsync(cancellationToken).ConfigureAwait(false)), bytes);
        return true;
    }

    /// <inheritdoc/>
    public void Retain() => Interlocked.Increment(ref _users);

    /// <inheritdoc/>
    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) GiveBack();
    }

    /// <summary>Releases it now for all users.</summary>
    public void GiveBack()
    {
        if (this == None || Interlocked.Exchange(ref _given, 1) != 0) return;
        _run?.Give(_free, _host);
        _turn?.Dispose();
        for (HeldMemory? more = Volatile.Read(ref _more); more is not null; more = more._next) more.GiveBack();
    }

    private void Add(HeldMemory more, long bytes)
    {
        Interlocked.Add(ref _grown, bytes);
        do more._next = Volatile.Read(ref _more);
        while (Interlocked.CompareExchange(ref _more, more, more._next) != more._next);
        // This memory was released meanwhile, perhaps without the new part.
        if (Volatile.Read(ref _given) == 1) more.GiveBack();
    }
}
