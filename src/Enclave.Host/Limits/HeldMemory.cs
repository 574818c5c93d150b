namespace Enclave.Limits;

/// <summary>Bytes of the host's memory that a run holds until the last of those who use them lets go.</summary>
internal sealed class HeldMemory
{
    private readonly RunMemory? _run;
    private readonly long _free;
    private readonly long _host;
    private int _users = 1;
    private int _given;

    /// <param name="run">The run that holds it; null for none.</param>
    /// <param name="free">Bytes of those that the run has for itself.</param>
    /// <param name="host">Bytes of those that all runs share.</param>
    public HeldMemory(RunMemory? run, long free, long host) => (_run, _free, _host) = (run, free, host);

    /// <summary>Nothing, for calls that came from no worker.</summary>
    public static HeldMemory None { get; } = new(null, 0, 0);

    /// <summary>More for the same run, beside this; null when there is no room now.</summary>
    public HeldMemory? TryHoldMore(long bytes) => _run is null ? None : _run.TryHold(bytes);

    /// <summary>Another one uses it, and will release it.</summary>
    public void Retain() => Interlocked.Increment(ref _users);

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0) GiveBack();
    }

    /// <summary>Gives it back now: nobody uses it any more, whoever has still to release it.</summary>
    public void GiveBack()
    {
        if (_run is not null && Interlocked.Exchange(ref _given, 1) == 0) _run.Give(_free, _host);
    }
}
