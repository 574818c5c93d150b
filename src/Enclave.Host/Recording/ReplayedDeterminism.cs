using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Runs;

namespace Enclave.Recording;

/// <summary>Gives a run the recorded answers in the recorded order, and notes its first difference.</summary>
internal sealed class ReplayedDeterminism : RunDeterminism, IToolInvoker
{
    private readonly ExecutionRecording _recording;
    private readonly RecordedEvent[] _script;
    private readonly AnswerEvent[] _order;
    private readonly Dictionary<uint, CallEvent> _calls;
    private readonly Dictionary<uint, AnswerEvent> _answers;
    private readonly Dictionary<uint, Action<Func<long>>> _waiting = [];
    private readonly TaskCompletionSource _strayed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _next;
    private long _now;
    private int _seen;
    private int _lines;
    private ReplayDifference? _difference;

    public ReplayedDeterminism(ExecutionRecording recording)
    {
        _recording = recording;
        _script = [.. recording.Events.Where((happened) => happened is not AnswerEvent)];
        _order = [.. recording.Events.OfType<AnswerEvent>()];
        _calls = recording.Events.OfType<CallEvent>().ToDictionary((call) => call.Call);
        _answers = _order.ToDictionary((answer) => answer.Call);
        _now = recording.StartTime.ToUnixTimeMilliseconds();
    }

    public override bool HasMessageRate => false;

    public override bool CountsAnswers => false;

    public override RunOrigin Start() => RunOrigin.Of(_recording.Seed, _now);

    public override void OnConsole(ExecutionJob job, IReadOnlyList<ConsoleEntry> lines)
    {
        foreach (ConsoleEntry entry in lines)
        {
            _lines++;
            Next(new LineEvent((ConsoleLevel)entry.Level, entry.Text));
        }
    }

    public override void OnToolCall(ExecutionJob job, ToolInvocation call) => Next(new CallEvent(call.Id, call.Name, call.Args));

    /// <summary>The recorded answer to this call. A call that differs from the recording has none.</summary>
    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        bool known = _calls.TryGetValue(call.Id, out CallEvent? recorded) && Differences.Same(recorded, new CallEvent(call.Id, call.Name, call.Args));
        if (known && _answers.TryGetValue(call.Id, out AnswerEvent? answer))
        {
            if (answer.Failure is { } failure) throw new ToolException(failure.Message) { Name = failure.Name, Code = failure.Code };
            return answer.Value;
        }

        // In the recorded run this call had no answer at the end, so it gets none here.
        if (known) await _strayed.Task.WaitAsync(call.Context.CancellationToken).ConfigureAwait(false);
        throw new ToolException("the recording has no answer to this call") { Code = ToolCode.NotRecorded };
    }

    public override void Answered(ToolInvocation call, ToolOutcome outcome, Action<Func<long>> send)
    {
        lock (_gate)
        {
            _waiting[call.Id] = send;
            Deliver();
        }
    }

    /// <summary>The first difference, given the run's result; null if there is none.</summary>
    public ReplayDifference? Conclude(ExecutionResult result)
    {
        lock (_gate)
        {
            if (_difference is not null) return _difference;
            if (_seen < _script.Length) return Differences.Missing(_script[_seen], LineNumber(_seen), result);
            return Differences.Between(_recording.Result, result);
        }
    }

    /// <summary>Compares the script's next step with the recorded one. Calls come from one thread, in the script's order.</summary>
    private void Next(RecordedEvent now)
    {
        lock (_gate)
        {
            int at = _seen++;
            if (_difference is not null) return;
            RecordedEvent? then = at < _script.Length ? _script[at] : null;
            if (then is not null && Differences.Same(then, now)) return;
            _difference = Differences.Between(then, now, now is LineEvent ? _lines : 0, LineNumber(at));
        }

        // The recorded order no longer applies, so waiting answers are sent. Not on the worker's own thread.
        _strayed.TrySetResult();
        ThreadPool.UnsafeQueueUserWorkItem((determinism) => determinism.Release(), this, preferLocal: false);
    }

    private void Release()
    {
        lock (_gate) Deliver();
    }

    private void Deliver()
    {
        while (_next < _order.Length && _waiting.Remove(_order[_next].Call, out Action<Func<long>>? send))
        {
            _now = _order[_next++].Milliseconds;
            send(() => _now);
        }

        if (_difference is null) return;
        foreach (Action<Func<long>> send in _waiting.Values) send(() => _now);
        _waiting.Clear();
    }

    /// <summary>The number of this console line among the recorded ones.</summary>
    private int LineNumber(int index) => _script.Take(index + 1).Count((happened) => happened is LineEvent);
}
