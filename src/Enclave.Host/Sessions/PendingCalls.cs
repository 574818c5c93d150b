using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Sessions;

/// <summary>
/// The tool calls of a session that are answered from outside. Each is settled exactly once: by an answer, by its time limit, or by the end of the run.
/// </summary>
internal sealed class PendingCalls(TimeSpan timeout, TimeProvider clock)
{
    private readonly Lock _gate = new();
    // Includes answered calls that are not fetched yet: an answer may arrive before the call waits for it.
    private readonly Dictionary<string, PendingCall> _calls = new(StringComparer.Ordinal);
    private int _waiting;
    private bool _closed;

    /// <summary>Calls that wait for an answer.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting;
        }
    }

    public IReadOnlyList<PendingToolCall> List()
    {
        lock (_gate) return [.. _calls.Values.Where((call) => !call.IsSettled)
            .Select((call) => call.Call).OrderBy((call) => call.CallId.Length).ThenBy((call) => call.CallId, StringComparer.Ordinal)];
    }

    public void Open(ToolInvocation invocation)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var call = new PendingToolCall
        {
            CallId = ToolCallEvent.IdOf(invocation.Id),
            Name = invocation.Name,
            Args = invocation.Args,
            Since = now,
            Deadline = now + timeout,
        };
        lock (_gate)
        {
            if (_closed) return;
            // Under the lock, so that a timer that fires at once finds its call.
            ITimer timer = clock.CreateTimer((_) => TimeOut(call), null, timeout, Timeout.InfiniteTimeSpan);
            _calls.Add(call.CallId, new PendingCall(call, timer));
            _waiting++;
        }
    }

    /// <summary>The answer to a call, which may already be there.</summary>
    public async Task<ScriptValue> AnswerAsync(uint id)
    {
        string key = ToolCallEvent.IdOf(id);
        PendingCall? call;
        lock (_gate) _calls.TryGetValue(key, out call);
        if (call is null) throw new OperationCanceledException();
        return await call.Answer.ConfigureAwait(false);
    }

    /// <summary>Settles a call. True if it was waiting.</summary>
    public bool TryAnswer(string id, ScriptValue value) => Settle(id, (call) => call.TrySettle(value));

    /// <inheritdoc cref="TryAnswer"/>
    public bool TryFail(string id, ToolException failure) => Settle(id, (call) => call.TryFail(failure));

    /// <summary>Removes a call whose answer the script has.</summary>
    public void Forget(uint id)
    {
        lock (_gate)
        {
            if (_calls.Remove(ToolCallEvent.IdOf(id), out PendingCall? call) && call.TryAbandon()) _waiting--;
        }
    }

    /// <summary>The run has ended: all waits end.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (PendingCall call in _calls.Values) call.TryAbandon();
            _calls.Clear();
            _waiting = 0;
        }
    }

    private bool Settle(string id, Func<PendingCall, bool> settle)
    {
        lock (_gate)
        {
            // Continuations of an answer run elsewhere, so no foreign code runs under the lock.
            if (!_calls.TryGetValue(id, out PendingCall? call) || !settle(call)) return false;
            _waiting--;
            return true;
        }
    }

    private void TimeOut(PendingToolCall call) => TryFail(call.CallId, SessionTexts.ToolTimeout(call.Name, timeout));
}
