using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Runs;

namespace Enclave.Recording;

/// <summary>Gives a run the recorded answers in the recorded order, and notes its first difference.</summary>
internal sealed class ReplayedDeterminism : RunDeterminism, IToolInvoker
{
    private readonly ExecutionRecording _recording;
    private readonly IReplayWatch? _watch;
    private readonly bool _comparesConsole;
    private readonly ExecutionEvent[] _script;
    private readonly ToolResultEvent[] _order;
    private readonly Dictionary<uint, ToolCallEvent> _calls;
    private readonly Dictionary<uint, ToolResultEvent> _answers;
    private readonly Dictionary<uint, Action<Func<long>>> _waiting = [];
    private readonly TaskCompletionSource _strayed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    // Held while answers are sent. _gate is not held then, because the run raises the event of an answer while it sends the answer.
    private readonly Lock _turn = new();
    private readonly Lock _gate = new();
    private int _next;
    private long _now;
    private int _seen;
    private int _lines;
    private ReplayDifference? _difference;

    /// <param name="recording">The recording.</param>
    /// <param name="watch">Follows the replay of a program that reports its steps; null for the program that was recorded.</param>
    /// <param name="comparesConsole">False if another script may print other lines.</param>
    public ReplayedDeterminism(ExecutionRecording recording, IReplayWatch? watch = null, bool comparesConsole = true)
    {
        (_recording, _watch, _comparesConsole) = (recording, watch, comparesConsole);
        _script = [.. recording.Events.Where((happened) => happened is ToolCallEvent || (happened is ConsoleEvent && comparesConsole))];
        _order = [.. recording.Events.OfType<ToolResultEvent>()];
        _calls = recording.Events.OfType<ToolCallEvent>().ToDictionary((call) => call.Call);
        _answers = _order.ToDictionary((answer) => answer.Call);
        _now = recording.StartTime.ToUnixTimeMilliseconds();
    }

    /// <inheritdoc/>
    public override IToolInvoker Answers => this;

    public override bool IsMeasured => false;

    public override bool HasMessageRate => false;

    public override bool CountsAnswers => false;

    public override RunOrigin Start() => RunOrigin.Of(_recording.Seed, _now, _recording.Secret);

    public override void Take(ExecutionJob job, ExecutionEvent happened)
    {
        if (happened is ConsoleEvent line && _watch?.Takes(line) == true) return;
        if (happened is ConsoleEvent && !_comparesConsole) return;
        if (happened is ConsoleEvent) _lines++;
        if (happened is ConsoleEvent or ToolCallEvent) Next(happened);
    }

    /// <summary>The recorded answer to this call. A call that differs from the recording has none.</summary>
    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        bool known = _calls.TryGetValue(call.Id, out ToolCallEvent? recorded)
            && IsSame(recorded, new ToolCallEvent { Call = call.Id, Name = call.Name, Args = call.Args });
        if (known && _answers.TryGetValue(call.Id, out ToolResultEvent? answer))
        {
            if (answer.Failure is { } failure) throw failure.ToException();
            return answer.Value;
        }

        // In the recorded run this call had no answer at the end, so it gets none here.
        bool isOver = call.Id > _calls.Count && call.Name == TimerCall.Name && IsTimeout;
        if (known || isOver) await _strayed.Task.WaitAsync(call.Context.CancellationToken).ConfigureAwait(false);
        throw new ToolException("the recording has no answer to this call") { Code = ToolCode.NotRecorded };
    }

    public override void Answered(uint call, in ToolOutcome outcome, Action drop, Action<Func<long>> hand)
    {
        lock (_gate) _waiting[call] = hand;
        Deliver();
    }

    private bool IsTimeout => _recording.Result.Error?.Code == ErrorCode.Timeout;

    /// <summary>The first difference, given the run's result; null if there is none.</summary>
    public ReplayDifference? Conclude(ExecutionResult result)
    {
        lock (_gate)
        {
            if (_difference is not null) return _difference;
            if (_seen < _script.Length) return Differences.Missing(_script[_seen], Differences.LineNumber(_script, _seen), result);
            ReplayDifference? found = Differences.Between(_recording.Result, result);
            return found is not null && _watch is not null && Differences.SameButPlaces(_recording.Result, result) ? null : found;
        }
    }

    /// <summary>Compares the script's next step with the recorded one. Calls come from one thread, in the script's order.</summary>
    private void Next(ExecutionEvent now)
    {
        lock (_gate)
        {
            int at = _seen++;
            if (_difference is not null) return;
            ExecutionEvent? then = at < _script.Length ? _script[at] : null;
            _watch?.Happened(now, at);
            if (then is not null && IsSame(then, now)) return;
            // The recorded run was over before its timers were.
            if (then is null && IsPastTheEnd(now)) return;
            _watch?.Strayed();
            _difference = Differences.Between(then, now, now is ConsoleEvent ? _lines : 0, Differences.LineNumber(_script, at));
        }

        // The recorded order no longer applies, so waiting answers are sent. Not on the worker's own thread.
        _strayed.TrySetResult();
        ThreadPool.UnsafeQueueUserWorkItem((determinism) => determinism.Deliver(), this, preferLocal: false);
    }

    private bool IsSame(ExecutionEvent then, ExecutionEvent now) =>
        Differences.Same(then, now) || (_watch is not null && Differences.SameButPlaces(then, now));

    private bool IsPastTheEnd(ExecutionEvent now) => IsTimeout && TimerCall.Is(now);

    private void Deliver()
    {
        lock (_turn)
        {
            while (TakeTurn() is { } hand) hand(() => _now);
        }
    }

    /// <summary>The next answer that may go; null if none may.</summary>
    private Action<Func<long>>? TakeTurn()
    {
        lock (_gate)
        {
            if (_next < _order.Length && _waiting.Remove(_order[_next].Call, out Action<Func<long>>? hand))
            {
                _now = _order[_next++].ScriptTime!.Value;
                return hand;
            }

            if (_difference is null || _waiting.Count == 0) return null;
            // The recorded order no longer applies.
            (uint call, hand) = _waiting.First();
            _waiting.Remove(call);
            return hand;
        }
    }
}
