using System.Diagnostics.CodeAnalysis;

namespace Enclave.Runtime.Sessions;

/// <summary>The running sessions by name, up to a maximum number.</summary>
internal sealed class SessionTable(int max)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RuntimeSession> _sessions = new(StringComparer.Ordinal);
    private TaskCompletionSource? _emptied;
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
            return true;
        }
    }

    public void Remove(RuntimeSession session)
    {
        TaskCompletionSource? emptied = null;
        lock (_gate)
        {
            if (_sessions.TryGetValue(session.Id, out RuntimeSession? found) && ReferenceEquals(found, session)) _sessions.Remove(session.Id);
            if (_sessions.Count == 0) (emptied, _emptied) = (_emptied, null);
        }

        emptied?.TrySetResult();
    }

    /// <summary>Accepts no more sessions.</summary>
    public void Close()
    {
        lock (_gate) _isClosed = true;
    }

    /// <summary>Completes when no session is running.</summary>
    public Task WhenEmpty()
    {
        lock (_gate)
        {
            if (_sessions.Count == 0) return Task.CompletedTask;
            return (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
