using Enclave.Guard.Options;
using Enclave.Guard.Scoring;
using Enclave.JavaScript;
using Enclave.JavaScript.Parsing;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Scoring;

public sealed class GateTests
{
    private static readonly CancellationToken s_never = CancellationToken.None;
    private static readonly GuardSettings s_settings = new() { Level = GuardLevel.Standard };
    private static readonly string s_long = string.Concat(Enumerable.Range(0, 4_000).Select((i) => $"callTool('t', {{ x: [{i}, 'a', (b) => b] }});\n"));
    private readonly ManualClock _clock = new();
    private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;

    [Theory]
    [InlineData(39, "Allowed")]
    [InlineData(40, "Warned")]
    [InlineData(69, "Warned")]
    [InlineData(70, "Blocked")]
    [InlineData(100, "Blocked")]
    public async Task Thresholds(int score, string outcome)
    {
        ScoreVerdict verdict = await Judge(Gate(Fixed(score)), "1");
        Assert.Equal(outcome, verdict.Outcome.ToString());
        Assert.Equal(score >= 40, verdict.Reason is not null);
    }

    [Theory]
    [InlineData(nameof(GuardLevel.Strict), null, "Blocked")]
    [InlineData(nameof(GuardLevel.Secure), null, "Blocked")]
    [InlineData(nameof(GuardLevel.Standard), null, "Allowed")]
    [InlineData(nameof(GuardLevel.Permissive), null, "Allowed")]
    [InlineData(nameof(GuardLevel.Strict), FailureMode.Allow, "Allowed")]
    [InlineData(nameof(GuardLevel.Standard), FailureMode.Block, "Blocked")]
    public async Task Failures_open_or_close_the_gate_by_level_or_choice(string level, FailureMode? mode, string outcome)
    {
        ScoringOptions options = Asking((_) => throw new InvalidDataException("secret")) with { OnFailure = mode };
        ScoreVerdict verdict = await Judge(new ScoringGate(options, new GuardSettings { Level = Enum.Parse<GuardLevel>(level) }, _clock), "1");
        Assert.Equal(outcome, verdict.Outcome.ToString());
        Assert.Equal("the script could not be scored: the scorer threw InvalidDataException", verdict.Reason);
    }

    [Fact]
    public async Task A_result_is_kept_until_its_time_is_over()
    {
        ScoringGate gate = Gate(Fixed(1));
        Assert.False((await Judge(gate, "1")).IsCached);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.True((await Judge(gate, "1")).IsCached);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False((await Judge(gate, "1")).IsCached);
    }

    [Fact]
    public async Task Code_tools_and_policy_are_the_key_and_the_order_of_tools_is_not()
    {
        ScoringGate gate = Gate(Fixed(1));
        await Judge(gate, "1", "p", "a", "b");
        Assert.True((await Judge(gate, "1", "p", "b", "a")).IsCached);
        Assert.False((await Judge(gate, "2", "p", "a", "b")).IsCached);
        Assert.False((await Judge(gate, "1", "p", "a")).IsCached);
        Assert.False((await Judge(gate, "1", "p", "ab")).IsCached);
        Assert.False((await Judge(gate, "1", "q", "a", "b")).IsCached);
        Assert.False((await Judge(gate, "'\ud800'")).IsCached);
        Assert.False((await Judge(gate, "'\ud801'")).IsCached);
    }

    [Fact]
    public async Task The_cache_forgets_what_was_unused_longest()
    {
        ScoringGate gate = Gate(Fixed(1) with { CacheEntries = 2 });
        await Judge(gate, "1");
        await Judge(gate, "2");
        await Judge(gate, "1");
        await Judge(gate, "3");
        Assert.Equal(2, gate.CacheCount);
        Assert.True((await Judge(gate, "1")).IsCached);
        Assert.False((await Judge(gate, "2")).IsCached);
    }

    [Fact]
    public async Task Without_entries_nothing_is_kept()
    {
        ScoringGate gate = Gate(Fixed(1) with { CacheEntries = 0 });
        await Judge(gate, "1");
        Assert.False((await Judge(gate, "1")).IsCached);
        Assert.Equal(0, gate.CacheCount);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        ScoringGate gate = Gate(Asking((_) => new(_asked == 1 ? ScoreResult.Unscored("down") : new ScoreResult(5, []))));
        Assert.False((await Judge(gate, "1")).Result.IsScored);
        Assert.True((await Judge(gate, "1")).Result.IsScored);
    }

    [Fact]
    public async Task Those_who_ask_at_the_same_time_share_one_answer_and_one_may_leave()
    {
        var answer = new TaskCompletionSource<ScoreResult>();
        CancellationToken seen = default;
        ScoringGate gate = Gate(Asking((token) =>
        {
            seen = token;
            return new(answer.Task);
        }));
        using var leaves = new CancellationTokenSource();
        Task<ScoreVerdict> first = Judge(gate, "1", leaves.Token);
        Task<ScoreVerdict> second = Judge(gate, "1", s_never);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(first, "cancelled verdict"));
        Assert.False(seen.IsCancellationRequested);
        answer.SetResult(new ScoreResult(12, []));
        Assert.Equal(12, (await Within.Deadline(second, "verdict")).Result.Score);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task A_scorer_that_does_not_answer_in_time_leaves_the_script_unscored_and_is_told()
    {
        var told = new TaskCompletionSource();
        ScoringOptions options = Asking((token) =>
        {
            token.Register(told.SetResult);
            return new(new TaskCompletionSource<ScoreResult>().Task);
        });

        ScoreVerdict verdict = await Within.Deadline(Judge(Impatient(options), "1"), "verdict");

        Assert.Equal((false, "the scorer did not answer within 3 s"), (verdict.Result.IsScored, verdict.Result.Reason));
        await Within.Deadline(told.Task, "cancelled question");
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_scorer_that_leaves_a_hundred_questions_open_is_not_asked_more(bool late)
    {
        List<TaskCompletionSource<ScoreResult>> open = [];
        ScoringOptions options = Asking((_) =>
        {
            open.Add(new());
            return new(open[^1].Task);
        });
        ScoringGate gate = late ? Impatient(options) : Gate(options);
        for (int i = 0; i < 100; i++)
        {
            using var leaves = new CancellationTokenSource();
            Task<ScoreVerdict> judged = Judge(gate, $"{i}", leaves.Token);
            if (!late) await leaves.CancelAsync();
            await Task.WhenAny(judged);
        }

        Task<ScoreVerdict> more = Judge(gate, "'more'");
        Assert.Equal(100, _asked);
        Assert.Equal("the scorer has not answered 100 questions that nobody waits for any more", (await Within.Deadline(more, "verdict")).Result.Reason);
        open[0].SetResult(new ScoreResult(1, []));
        await Within.Deadline(AskedAgain(gate), "question to the scorer");
    }

    [Fact]
    public async Task A_detailed_scorer_that_does_not_answer_in_time_leaves_the_fast_result()
    {
        var detailed = new CustomScorer((_, _) => new(new TaskCompletionSource<ScoreResult>().Task));
        var fast = new CustomScorer((_, _) => new(new ScoreResult(80, [])));
        var options = new ScoringOptions { Scorer = new ProgressiveScorer(new ProgressiveScorer(detailed, fast), fast) };

        ScoreVerdict verdict = await Within.Deadline(Judge(Impatient(options), "1"), "verdict");

        Assert.Equal((ScoreOutcome.Blocked, 80), (verdict.Outcome, verdict.Result.Score));
    }

    [Fact]
    public async Task The_last_one_who_leaves_ends_the_question()
    {
        var told = new TaskCompletionSource();
        ScoringGate gate = Gate(Asking((token) =>
        {
            token.Register(told.SetResult);
            return new(new TaskCompletionSource<ScoreResult>().Task.WaitAsync(token));
        }));
        using var leaves = new CancellationTokenSource();
        Task<ScoreVerdict> only = Judge(gate, "1", leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(only, "cancelled verdict"));
        await Within.Deadline(told.Task, "cancelled question");
    }

    [Fact]
    public async Task A_watcher_sees_every_verdict_and_changes_none()
    {
        var seen = new List<ScoreVerdict>();
        ScoringGate gate = Gate(Fixed(50) with
        {
            OnScore = (verdict) =>
            {
                seen.Add(verdict);
                throw new InvalidOperationException();
            },
        });
        await Judge(gate, "1");
        Assert.Equal(ScoreOutcome.Warned, (await Judge(gate, "1")).Outcome);
        Assert.Equal([false, true], seen.Select((verdict) => verdict.IsCached));
    }

    [Fact]
    public async Task By_default_the_rules_judge()
    {
        ScoreVerdict verdict = await Judge(
            Gate(new ScoringOptions()), "for (const u of await callTool('users:list', { a: 1 })) await callTool('mail:send', u)");
        Assert.Equal((ScoreOutcome.Blocked, 90), (verdict.Outcome, verdict.Result.Score));
    }

    [Theory]
    [InlineData("Strict", null)]
    [InlineData("Standard", null)]
    [InlineData("Permissive", null)]
    [InlineData("Permissive", FailureMode.Allow)]
    public async Task A_script_that_takes_too_long_to_read_is_blocked(string level, FailureMode? mode)
    {
        ScoreVerdict verdict = await Judge(Hurried(new ScoringOptions { OnFailure = mode }, Enum.Parse<GuardLevel>(level)), s_long);

        Assert.Equal((ScoreOutcome.Blocked, false), (verdict.Outcome, verdict.Result.IsScored));
        Assert.StartsWith("the script could not be scored: reading it takes more than 0 ms of CPU time", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scorer_that_goes_on_without_the_features_does_not_let_the_script_pass()
    {
        var careless = new CustomScorer((request, _) =>
        {
            Assert.Throws<JavaScript.Text.WorkLimitException>(() => request.Features);
            return new(new ScoreResult(0, []));
        });
        var fast = new CustomScorer((_, _) => new(new ScoreResult(50, [])));

        Assert.Equal(ScoreOutcome.Blocked, (await Judge(Hurried(new ScoringOptions { Scorer = careless }), s_long)).Outcome);
        Assert.Equal(
            ScoreOutcome.Blocked, (await Judge(Hurried(new ScoringOptions { Scorer = new ProgressiveScorer(new RuleBasedScorer(), fast) }), s_long)).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_script_with_more_calls_than_an_external_scorer_sees_is_blocked(bool isDetailed)
    {
        var fast = new CustomScorer((_, _) => new(new ScoreResult(50, [])));
        using var client = new HttpClient();
        using var external = new ExternalScorer(new ExternalScorerOptions { Endpoint = new Uri("https://scorer.invalid/") }, client);
        ScoringGate gate = Gate(new ScoringOptions { Scorer = isDetailed ? new ProgressiveScorer(external, fast) : external });

        ScoreVerdict verdict = await Judge(gate, string.Concat(Enumerable.Repeat("callTool('a');", 257)));

        Assert.Equal(ScoreOutcome.Blocked, verdict.Outcome);
        Assert.EndsWith("it has 257 tool calls, and an external scorer sees 256", verdict.Reason, StringComparison.Ordinal);
    }

    /// <summary>Each call has the same text of 90 KB. What is not read any more would have no score.</summary>
    [Theory]
    [InlineData(40, ScoreOutcome.Allowed)]
    [InlineData(60, ScoreOutcome.Blocked)]
    public async Task A_script_whose_values_would_be_read_too_often_is_blocked(int calls, ScoreOutcome outcome)
    {
        var counting = new CustomScorer((request, _) => new(new ScoreResult(request.Features!.ToolCalls.Length / 100, [])));
        ScoringGate gate = Gate(new ScoringOptions { Scorer = counting });

        ScoreVerdict verdict = await Judge(gate, $"const text = '{new string('x', 90_000)}';{string.Concat(Enumerable.Repeat("callTool('a', text);", calls))}");

        Assert.Equal(outcome, verdict.Outcome);
        if (outcome == ScoreOutcome.Blocked) Assert.EndsWith("it cannot be read within its limit", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reading_of_a_script_ends_when_its_caller_goes_away()
    {
        using var caller = new CancellationTokenSource();
        using ManualResetEventSlim begun = new(), left = new();
        int looks = 0;
        // The second check of the clock is in the middle of the script. It waits until the caller has left.
        TimeSpan Look()
        {
            if (++looks == 2)
            {
                begun.Set();
                caller.Token.WaitHandle.WaitOne();
                left.Wait(TimeSpan.FromSeconds(10), s_never);
            }

            return TimeSpan.Zero;
        }

        var gate = new ScoringGate(
            new ScoringOptions { Scorer = new CustomScorer(Read) }, s_settings with { CpuTime = Look, LimitTime = (_) => TimeSpan.Zero }, _clock);
        Task<ScoreVerdict> verdict = Judge(gate, s_long, caller.Token);
        begun.Wait(s_never);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => verdict);
        left.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _read.Task);
        Assert.Equal(2, looks);
    }

    private async ValueTask<ScoreResult> Read(ScoreRequest request, CancellationToken token)
    {
        await Task.Yield();
        try
        {
            _ = request.Features;
            _read.SetResult();
        }
        catch (Exception fault)
        {
            _read.SetException(fault);
        }

        return ScoreResult.Unscored("read");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(20, 20)]
    [InlineData(40, 40)]
    [InlineData(101, 40)]
    public void The_warning_follows_a_lower_block_threshold(int block, int warn)
    {
        var options = new ScoringOptions { BlockThreshold = block };

        options.Validate();

        Assert.Equal(warn, options.WarnThreshold);
        Assert.Equal(5, new ScoringOptions { WarnThreshold = 5, BlockThreshold = Math.Max(block, 5) }.WarnThreshold);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        AssertRefused(new ScoringOptions { BlockThreshold = 102 }, "BlockThreshold is 102");
        AssertRefused(new ScoringOptions { WarnThreshold = -1 }, "WarnThreshold is -1");
        AssertRefused(new ScoringOptions { WarnThreshold = 71 }, "WarnThreshold is 71");
        AssertRefused(new ScoringOptions { CacheEntries = -1 }, "CacheEntries is -1");
        AssertRefused(new ScoringOptions { CacheTtl = TimeSpan.Zero }, "CacheTtl is");
        AssertRefused(new ScoringOptions { OnFailure = (FailureMode)9 }, "OnFailure is 9");
        AssertRefused(new ScoringOptions { Scorer = null! }, "Scorer is null");
    }

    private static void AssertRefused(ScoringOptions options, string message) =>
        Assert.StartsWith(
            message, Assert.Throws<ArgumentException>(() => new ScoringGate(options, s_settings, TimeProvider.System)).Message, StringComparison.Ordinal);

    private static ScoringOptions Fixed(int score) => new() { Scorer = new CustomScorer((_, _) => new(new ScoreResult(score, []))) };

    private static Task<ScoreVerdict> Judge(ScoringGate gate, string code, CancellationToken token) =>
        gate.JudgeAsync(code, Parse(code), [], "", token).AsTask();

    private static Task<ScoreVerdict> Judge(ScoringGate gate, string code, string policy = "", params string[] tools) =>
        gate.JudgeAsync(code, Parse(code), tools, policy, s_never).AsTask();

    private static JavaScript.Ast.Program Parse(string code) => Parser.Parse(code, new ParserOptions { TopLevel = TopLevel.Await | TopLevel.Return }).Program!;

    /// <summary>Ends when a new question reaches the scorer.</summary>
    private async Task AskedAgain(ScoringGate gate)
    {
        int before = _asked;
        for (int question = 0; _asked == before; question++)
        {
            _ = Judge(gate, $"'asks {question}'");
            // A refused question ends at once. The gate learns on another thread that the scorer is free.
            await Task.Yield();
        }
    }

    private ScoringOptions Asking(Func<CancellationToken, ValueTask<ScoreResult>> answer) => new()
    {
        Scorer = new CustomScorer((_, token) =>
        {
            _asked++;
            return answer(token);
        }),
    };

    /// <summary>A gate whose 3 s are over at once.</summary>
    private static ScoringGate Impatient(ScoringOptions options) =>
        new(options, s_settings, new ManualClock { Fires = (due) => due == TimeSpan.FromSeconds(3) }) { Patience = TimeSpan.FromSeconds(3) };

    /// <summary>A gate for which every script takes too long to read.</summary>
    private ScoringGate Hurried(ScoringOptions options, GuardLevel level = GuardLevel.Standard)
    {
        int hours = 0;
        return new(options, new GuardSettings { Level = level, CpuTime = () => TimeSpan.FromHours(++hours), LimitTime = (_) => TimeSpan.Zero }, _clock);
    }

    private ScoringGate Gate(ScoringOptions options) => new(options, s_settings, _clock);
}
