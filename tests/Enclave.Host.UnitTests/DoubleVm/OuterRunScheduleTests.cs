using System.Collections.Concurrent;
using Enclave.DoubleVm;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Tests;
using Enclave.Tools;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Host.Tests;

/// <summary>
/// Random schedules of calls, lanes, tools, ends and deaths. The test plays the outer isolate, which also lies. In every schedule each call settles once,
/// with its own answer or a failure, and calls its tool at most once.
/// </summary>
public sealed class OuterRunScheduleTests
{
    [Fact]
    public async Task Each_call_settles_once_whatever_becomes_of_the_outer_isolate()
    {
        int schedules = TestSize.Of(800, 100_000), seed = Environment.TickCount, given = 0, failed = 0;
        for (int i = 0; i < schedules; i++)
        {
            try
            {
                (int ofGiven, int ofFailed) = await new Schedule(new Random(seed + i)).RunAsync();
                (given, failed) = (given + ofGiven, failed + ofFailed);
            }
            catch (Exception fault)
            {
                Assert.Fail($"seed {seed + i}: {fault}");
            }
        }

        // Most of the schedules contain events.
        Assert.True(given > schedules / 2 && failed > schedules / 2, $"{given} calls had an answer and {failed} failed in {schedules} schedules");
    }

    private sealed class Schedule : IToolInvoker
    {
        private static readonly GuardedScript s_script = PolicyScript.Read(null, SecurityLevel.Standard, []);

        private readonly Random _random;
        private readonly OuterRun _run;
        private readonly ExecutionJob _outer = Job(2), _script = Job(1);
        private readonly ConcurrentDictionary<uint, int> _made = [];
        private readonly List<(uint Id, Task<ScriptValue> Answer)> _asked = [];
        private readonly List<Action> _ready = [];
        private readonly List<TaskCompletionSource> _tools = [];
        private readonly bool _lies;

        public Schedule(Random random)
        {
            (_random, _lies) = (random, random.Next(4) == 0);
            _run = new OuterRun("run-1", this, NullLogger.Instance);
        }

        public async Task<(int Given, int Failed)> RunAsync()
        {
            _run.Follow(_outer);
            int calls = _random.Next(1, 12), steps = _random.Next(5, 60);
            for (int lane = _random.Next(1, 5); lane > 0; lane--) Ask(ScriptValue.From(new { }));
            for (int step = 0; step < steps; step++)
            {
                switch (_random.Next(10))
                {
                    case < 3 when _asked.Count < calls: Call(); break;
                    case < 8 when _ready.Count > 0: Take(_ready)(); break;
                    case 8 when _tools.Count > 0: Take(_tools).TrySetResult(); break;
                    case 9 when _random.Next(12) == 0: End(); break;
                }
            }

            // The script ends. Everything that the outer isolate still says is too late.
            End();
            foreach (TaskCompletionSource tool in _tools) tool.TrySetResult();
            while (_ready.Count > 0) Take(_ready)();
            await Within.Deadline(Task.WhenAll(_asked.Select((call) => call.Answer.ContinueWith((_) => 0, TaskScheduler.Default))), "settled calls");
            foreach ((uint id, Task<ScriptValue> answer) in _asked)
            {
                // A lying outer isolate may say anything about a call that it got, and only about that one.
                if (answer.IsCompletedSuccessfully && !_lies) Assert.Equal((id, 1), ((uint)answer.Result["of"].AsInt32(), _made.GetValueOrDefault(id)));
            }

            Assert.All(_made.Values, (count) => Assert.Equal(1, count));
            Call();
            await Assert.ThrowsAsync<ToolException>(() => _asked[^1].Answer);
            int given = _asked.Count((call) => call.Answer.IsCompletedSuccessfully);
            return (given, _asked.Count - 1 - given);
        }

        /// <summary>A tool. It answers when the schedule says so, with the number of its call.</summary>
        public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
        {
            _made.AddOrUpdate(call.Id, 1, (_, count) => count + 1);
            if (_random.Next(3) > 0)
            {
                var answer = new TaskCompletionSource();
                _tools.Add(answer);
                await answer.Task;
            }

            return call.Id % 4 == 3 ? throw new InvalidOperationException("a tool's own trouble") : ScriptValue.From(new { Of = call.Id });
        }

        private void Call()
        {
            uint id = (uint)_asked.Count + 1;
            var context = new ToolContext(null, null, "script.js", CancellationToken.None);
            _asked.Add((id, _run.AskAsync(new ToolInvocation(_script, id, "tool", ScriptValue.From(new { id }), context))));
        }

        /// <summary>A lane of the outer isolate asks. A later step decides what it does with the answer.</summary>
        private void Ask(ScriptValue report)
        {
            Task<ScriptValue> next = Try(() => _run.NextAsync(report));
            _ready.Add(() => Judge(next));
        }

        private void Judge(Task<ScriptValue> next)
        {
            if (!next.IsCompleted) _ready.Add(() => Judge(next));
            if (!next.IsCompletedSuccessfully || next.Result.Kind == ScriptValueKind.Null) return;
            ScriptValue id = next.Result["id"];
            switch (_random.Next(5))
            {
                case 0: Ask(ScriptValue.From(new { id, refused = "no" })); break;
                case 1: Ask(ScriptValue.From(new { id, failed = "TypeError: x\n    at policy.js:1:1" })); break;
                default: Make(id); break;
            }
        }

        private void Make(ScriptValue id)
        {
            Task<ScriptValue> made = Try(() => _run.CallAsync(ScriptValue.From(new { id = Lie(id), name = "tool", args = new { } })));
            if (_lies && _random.Next(3) == 0) _ = Try(() => _run.CallAsync(ScriptValue.From(new { id, name = "tool", args = new { } })));
            _ready.Add(() => Report(id, made));
        }

        private void Report(ScriptValue id, Task<ScriptValue> made)
        {
            // A lying one may answer before the tool does.
            if (!made.IsCompleted && !_lies) _ready.Add(() => Report(id, made));
            else if (!made.IsCompletedSuccessfully) Ask(ScriptValue.From(new { id = Lie(id), value = new { of = id } }));
            else if (made.Result.Kind != ScriptValueKind.Null)
                Ask(made.Result.TryGetProperty("value", out ScriptValue value) ? ScriptValue.From(new { id = Lie(id), value }) : ScriptValue.From(new { id }));
        }

        private ScriptValue Lie(ScriptValue id) => !_lies || _random.Next(3) > 0 ? id : _random.Next(3) switch
        {
            0 => ScriptValue.From(_random.Next(-1, 14)),
            1 => ScriptValue.From(1e300),
            _ => ScriptValue.From("1"),
        };

        private void End()
        {
            if (_random.Next(2) == 0) _run.End();
            else _outer.TrySettle(ResultBuilder.Failure(
                new ExecutionError { Code = ErrorCode.WorkerCrashed, Name = "WORKER_CRASHED", Message = "gone" }, new ExecutionStats(), "", null));
        }

        private T Take<T>(List<T> list)
        {
            int at = _random.Next(list.Count);
            T taken = list[at];
            list.RemoveAt(at);
            return taken;
        }

        private static Task<ScriptValue> Try(Func<Task<ScriptValue>> operation)
        {
            try
            {
                return operation();
            }
            catch (ToolException fault)
            {
                return Task.FromException<ScriptValue>(fault);
            }
        }

        private static ExecutionJob Job(ulong id) => new(id, s_script, SmallestLimits.Value, [], null, (_) => { })
        {
            Tools = new ApplicationTools(static (_, _, _) => default, new ToolSettings(), NullLogger.Instance),
            Memory = null!,
        };
    }
}
