using System.Diagnostics.CodeAnalysis;

namespace Enclave.Runtime.Sessions;

/// <summary>The running sessions by name, up to a maximum number.</summary>
internal sealed class SessionTable(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RuntimeSession> _sessions = new(StringComparer.Ordinal);
    private int _unfinished;
    private TaskCompletionSource? _finished;
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate) return _sessions.Count;
        }
    }

    public RuntimeSession[] List()
    {
        lock (_gate) return [.. _sessions.Values];
    }

    public bool TryAdd(RuntimeSession session, [NotNullWhen(false)] out RuntimeRefusal? refusal)
    {
        lock (_gate)
        {
            refusal = _isClosed
                ? RuntimeRefusal.Stopping
                : _sessions.ContainsKey(session.Id) ? RuntimeRefusal.Exists(session.Id) : _sessions.Count >= max ? RuntimeRefusal.Busy(max) : null;
            if (refusal is not null) return false;
            _sessions.Add(session.Id, session);
            _unfinished++;
            return true;
        }
    }

    /// <summary>Gives up the session's name and place. Its last event may still have to be sent.</summary>
    public void Remove(RuntimeSession session)
    {
        lock (_gate)
        {
            if (_sessions.TryGetValue(session.Id, out RuntimeSession? found) && ReferenceEquals(found, session)) _sessions.Remove(session.Id);
        }
    }

    /// <summary>A session that was added has sent its last event. Called once for each.</summary>
    public void Finish()
    {
        TaskCompletionSource? finished = null;
        lock (_gate)
        {
            if (--_unfinished == 0) (finished, _finished) = (_finished, null);
        }

        finished?.TrySetResult();
    }

    /// <summary>Accepts no more sessions.</summary>
    public void Close()
    {
        lock (_gate) _isClosed = true;
    }

    /// <summary>Completes when every session has sent its last event.</summary>
    public Task WhenFinished()
    {
        lock (_gate)
        {
            if (_unfinished == 0) return Task.CompletedTask;
            return (_finished ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
