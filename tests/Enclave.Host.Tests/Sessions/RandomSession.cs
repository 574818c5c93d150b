using System.Threading.Channels;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>One session, and a client that answers, fails, repeats, waits, lets time pass and gives up, in the order of a seed.</summary>
internal sealed class RandomSession(EnclaveHost host, ManualClock time, int seed)
{
    private const string Code =
        "let done = 0, failed = 0; for (const n of plan) { console.log(n); const all = []; for (let i = 0; i < n; i++) { all.push(callTool('t', " +
        "{ i }).then(() => { done++ }, () => { failed++ })) } await Promise.all(all) } return [done, failed]";

    private readonly Random _random = new(seed);
    private readonly Channel<ExecutionEvent> _news = Channel.CreateUnbounded<ExecutionEvent>();
    private readonly Dictionary<string, int> _settled = [];
    private readonly List<SessionState> _states = [SessionState.Starting];
    private int _answered;

    /// <summary>Runs it to its end and checks the invariants.</summary>
    public async Task<WeakReference> RunAsync()
    {
        int[] plan = [.. Enumerable.Range(0, _random.Next(4)).Select((_) => _random.Next(6))];
        ExecutionSession session = host.OpenSession(Code, new EnclaveSessionOptions
        {
            ToolTimeout = TimeSpan.FromSeconds(_random.Next(5, 40)),
            Run = new RunOptions { MaxBufferedEvents = 256, Globals = new Dictionary<string, object?> { ["plan"] = plan } },
        });
        Task<ExecutionEvent[]> reading = ReadAsync(session);
        while (!session.Completion.IsCompleted) await StepAsync(session);
        ExecutionEvent[] events = await Within.Deadline(reading, $"last event (seed {seed})");
        See(session);
        Check(session, events, await session.Completion, plan);
        await session.DisposeAsync();
        Assert.True(session.Log.Held == (0, 0L), Failure("events are still held"));
        return new WeakReference(session);
    }

    private async Task<ExecutionEvent[]> ReadAsync(ExecutionSession session)
    {
        var all = new List<ExecutionEvent>();
        await foreach (ExecutionEvent e in session.Events())
        {
            all.Add(e);
            _news.Writer.TryWrite(e);
        }

        _news.Writer.Complete();
        return [.. all];
    }

    private async Task StepAsync(ExecutionSession session)
    {
        See(session);
        IReadOnlyList<PendingToolCall> pending = session.PendingToolCalls;
        string? id = pending.Count == 0 ? null : pending[_random.Next(pending.Count)].CallId;
        switch (_random.Next(40))
        {
            case 0: await session.CancelAsync("the schedule says so"); break;
            case 1: await session.DisposeAsync(); break;
            case 2: time.Advance(TimeSpan.FromSeconds(_random.Next(1, 25))); break;
            case 3: Settle(session.TryAnswerToolCall($"c_{_random.Next(100, 200)}", 1), "none", 1); break;
            case < 12 when _settled.Count > 0:
                string again = _settled.Keys.ElementAt(_random.Next(_settled.Count));
                Settle(session.TryAnswerToolCall(again, 1), again, 1);
                break;
            case < 18 when id is not null: Settle(session.TryFailToolCall(id, "Error", "no"), id, 0); break;
            case < 36 when id is not null: Settle(session.TryAnswerToolCall(id, seed), id, 1); break;
            default:
                // Nothing to do until an event comes: waiting calls wait for this client.
                if (id is null) await Within.Deadline(_news.Reader.WaitToReadAsync().AsTask(), $"event (seed {seed})");
                while (_news.Reader.TryRead(out _))
                {
                }

                break;
        }

        Assert.True(session.Log.Held.Events <= 256, Failure("too many events are held"));
    }

    private void Settle(bool taken, string id, int answer)
    {
        if (!taken) return;
        _answered += answer;
        _settled[id] = _settled.GetValueOrDefault(id) + 1;
        Assert.True(_settled[id] == 1 && id != "none", Failure($"{id} was settled {_settled[id]} times"));
    }

    private void See(ExecutionSession session)
    {
        SessionState state = session.State;
        if (state != _states[^1]) _states.Add(state);
    }

    private void Check(ExecutionSession session, ExecutionEvent[] events, ExecutionResult result, int[] plan)
    {
        Assert.True(events.Select((e) => e.Sequence).SequenceEqual(Enumerable.Range(1, events.Length).Select((n) => (long)n)), Failure("a gap"));
        Assert.True(events[^1] is FinishedEvent last && last.Result == result && events.Count((e) => e is FinishedEvent) == 1,
            Failure("finished is not once and last"));
        Assert.True(events.First((e) => e is not HeartbeatEvent) is StartedEvent or FinishedEvent, Failure("not started first"));
        string[] calls = [.. events.OfType<ToolCallEvent>().Select((e) => e.CallId)], answers = [.. events.OfType<ToolResultEvent>().Select((e) => e.CallId)];
        Assert.True(calls.Distinct().Count() == calls.Length && answers.Distinct().Count() == answers.Length && !answers.Except(calls).Any(),
            Failure("a call was told or answered twice"));
        Assert.All(answers, (id) => Assert.True(Array.FindIndex(events, (e) => e is ToolCallEvent call && call.CallId == id) < Array.FindIndex(
            events, (e) => e is ToolResultEvent answer && answer.CallId == id)));
        Assert.True(session.PendingToolCalls.Count == 0 && calls.All((id) => !session.TryAnswerToolCall(id, 1)), Failure("a call waits after the end"));
        if (result.Success)
        {
            Assert.True(answers.Length == plan.Sum() && result.Value[0].AsInt32() == _answered && result.Value[1].AsInt32() == plan.Sum() - _answered, Failure(
                $"the script counted {result.Value.ToJsonString()}"));
        }
        else
        {
            Assert.True(result.Error!.Code is ErrorCode.Cancelled or ErrorCode.Timeout or ErrorCode.QueueTimeout, Failure(
                $"{result.Error.Code} {result.Error.Message}"));
        }

        Assert.True(_states.Zip(_states.Skip(1)).All((move) => IsLegal(move.First, move.Second)), Failure($"moved {string.Join(" -> ", _states)}"));
        Assert.True(
            _states[^1] == (result.Success ? SessionState.Completed : result.Error!.Code == ErrorCode.Cancelled ? SessionState.Cancelled : SessionState.Failed),
            Failure("the last state"));
    }

    /// <summary>The transitions that an occasional observer may see: those of the table, and several of them at once.</summary>
    private static bool IsLegal(SessionState from, SessionState to) =>
        from <= SessionState.WaitingForTool && (to > from || (from, to) == (SessionState.WaitingForTool, SessionState.Running));

    private string Failure(string what) => $"seed {seed}: {what}";
}
