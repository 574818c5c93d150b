using Enclave.Streaming;

namespace Enclave.Runtime.Sessions;

/// <summary>Counts ended sessions by their outcome.</summary>
internal sealed class SessionCounts
{
    private readonly Lock _gate = new();
    private long _total, _succeeded, _failed;
    private double _milliseconds;

    public void Opened()
    {
        lock (_gate) _total++;
    }

    public void Ended(Final final)
    {
        lock (_gate)
        {
            if (final.Ok) _succeeded++;
            else _failed++;
            _milliseconds += final.Stats?.DurationMs ?? 0;
        }
    }

    public (long Total, long Succeeded, long Failed, double MeanMs) Read()
    {
        lock (_gate) return (_total, _succeeded, _failed, _succeeded + _failed == 0 ? 0 : _milliseconds / (_succeeded + _failed));
    }
}
