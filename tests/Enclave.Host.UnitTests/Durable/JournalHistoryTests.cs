using System.Runtime.CompilerServices;
using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Host.Tests.Durable;

/// <summary>What follows the failure of a run in its journal. Without a key anybody can write the entries.</summary>
public sealed class JournalHistoryTests
{
    private static readonly DateTimeOffset s_time = new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, JournalEntry> s_entries = new()
    {
        ["call"] = Call(1),
        ["answer"] = new JournalEntry.Happened(Answer(1, null)),
        ["refusal"] = new JournalEntry.Happened(Answer(1, new ToolFailure("Error", "no", null))),
        ["next"] = Call(2),
        ["fails"] = new JournalEntry.Failing(s_time, "{}", "{}"),
        ["begins"] = Notice(NoticeKind.Compensating),
        ["done"] = Notice(NoticeKind.Compensated),
        ["failed"] = Notice(NoticeKind.CompensationFailed),
        ["ends"] = new JournalEntry.Ended(ScriptValue.Undefined, "{}", "{}"),
    };

    [Theory]
    [InlineData("call answer fails begins done ends", true)]
    [InlineData("call answer fails begins failed ends", true)]
    [InlineData("call answer fails failed ends", true)]
    [InlineData("call answer fails ends", true)]
    [InlineData("call answer begins", false)]
    [InlineData("call fails begins", false)]
    [InlineData("call refusal fails begins", false)]
    [InlineData("call answer fails done", false)]
    [InlineData("call answer fails begins begins", false)]
    [InlineData("call answer fails begins done done", false)]
    [InlineData("call answer fails begins done failed", false)]
    [InlineData("call answer fails next", false)]
    [InlineData("call fails answer", false)]
    [InlineData("call answer fails fails", false)]
    [InlineData("begins", false)]
    public void Compensations_follow_the_failure_once_for_each_call_that_was_answered(string entries, bool isRight)
    {
        var run = new StoredRun { Key = new RunKey(null, "run"), Journal = Guid.NewGuid(), Origin = [], Created = s_time, Changed = s_time };
        using var seal = new JournalSeal(new JournalKeys([]), run.Key, run.Journal);
        (run, byte[] parts) = RunJournal.Begin(seal, run, [Opened(), .. entries.Split(' ').Select((entry) => s_entries[entry])]);

        JournalException? refused = Record.Exception(() => JournalHistory.Read(seal, run, parts)) as JournalException;

        Assert.Equal(isRight ? null : JournalFault.Damaged, refused?.Fault);
    }

    [Fact]
    public void The_values_of_answers_are_not_kept_once_the_worker_has_them()
    {
        var run = new StoredRun { Key = new RunKey(null, "run"), Journal = Guid.NewGuid(), Origin = [], Created = s_time, Changed = s_time };
        using var seal = new JournalSeal(new JournalKeys([]), run.Key, run.Journal);
        ToolResultEvent large = Answer(1, null) with { Value = ScriptValue.OfString(new string('x', 1000)) };
        (run, byte[] parts) = RunJournal.Begin(seal, run, [Opened(), Call(1), new JournalEntry.Happened(large)]);
        (JournalHistory history, WeakReference value) = Read(seal, run, parts);

        history.ForgetAnswers();
        GC.Collect();

        Assert.False(value.IsAlive);
        Assert.NotNull(history.AnswerTo(1));
        Assert.Equal(3, history.Count);
    }

    /// <summary>A method of its own: a local would keep the value.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (JournalHistory History, WeakReference Value) Read(JournalSeal seal, StoredRun run, byte[] parts)
    {
        JournalHistory history = JournalHistory.Read(seal, run, parts);
        return (history, new WeakReference(history.Answers[0].Value.AsString()));
    }

    private static JournalEntry.Happened Call(uint call) => new(
        new ToolCallEvent { Call = call, Time = s_time, Name = "buy", Args = ScriptValue.From(new Dictionary<string, object?>()), HasCompensation = true });

    private static ToolResultEvent Answer(uint call, ToolFailure? failure) => new()
    {
        Call = call,
        Name = "",
        Value = ScriptValue.Undefined,
        Failure = failure,
        Elapsed = TimeSpan.Zero,
        ScriptTime = s_time.ToUnixTimeMilliseconds(),
    };

    private static JournalEntry.Happened Notice(NoticeKind kind) =>
        new(new NoticeEvent { Time = s_time, Kind = kind, Call = 1, Name = "buy" });

    private static JournalEntry.Opened Opened() => new()
    {
        Code = "",
        Language = ScriptLanguage.Either,
        SourceName = "script.js",
        RunId = "1",
        Level = SecurityLevel.Standard,
        Preset = "agentscript",
        Globals = Array.Empty<byte>(),
        Limits = new RunLimits
        {
            TimeoutMicroseconds = 1,
            CpuMicroseconds = 1,
            MemoryBytes = 1,
            MaxToolCalls = 9,
            MaxPendingToolCalls = 9,
            MaxIterations = 9,
            MaxConsoleCalls = 9,
            MaxConsoleBytes = 9,
            MaxValueDepth = 9,
            MaxValueProperties = 9,
            MaxValueBytes = 9,
        },
        Libraries = new Dictionary<string, string>(),
        Engine = "1",
        Version = "1",
        Seed = 1,
        Start = s_time.ToUnixTimeMilliseconds(),
    };
}
