using Enclave.Guard.Options;

namespace Enclave.Guard.Tests;

/// <summary>The limit on the cost of an examination, and its end when nobody waits for it.</summary>
public sealed class WorkLimitTests
{
    private static readonly string s_long = string.Concat(Enumerable.Range(0, 4_000).Select((i) => $"const x{i} = [{i}, 'a', (b) => b];\n"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_script_that_takes_too_long_to_examine_is_refused_with_the_reason(bool isChecked)
    {
        // Each reading of the clock takes an hour. The clock is read only when the elapsed time is above the limit.
        var guard = new ScriptGuard(
            Settings(new SlowClock().Now) with { Checks = isChecked ? StaticChecks.On : StaticChecks.Off, LimitTime = (_) => TimeSpan.Zero });

        GuardIssue issue = Assert.Single(guard.Examine(s_long, []).Issues);

        Assert.Equal("GUARD_CPU_LIMIT", issue.Code);
        Assert.Equal("cpuTime", issue.Data["reason"]);
        Assert.Equal(0L, issue.Data["limitMilliseconds"]);
        Assert.False(guard.Validate(s_long, []).Valid);
        // The thread's parser was interrupted in the middle of a text. The next one is intact.
        Assert.True(new ScriptGuard(Settings()).Examine("return 1", []).IsAccepted);
    }

    [Fact]
    public void The_wait_for_a_processor_does_not_count()
    {
        var guard = new ScriptGuard(Settings(() => TimeSpan.Zero) with { LimitTime = (_) => TimeSpan.Zero });

        Assert.True(guard.Examine(s_long, []).IsAccepted);
    }

    [Fact]
    public void An_examination_ends_when_its_caller_goes_away()
    {
        using var caller = new CancellationTokenSource();
        int looks = 0;
        // Cancels at the third reading of the clock, in the middle.
        TimeSpan Look()
        {
            if (++looks == 3) caller.Cancel();
            return TimeSpan.Zero;
        }

        var guard = new ScriptGuard(Settings(Look) with { LimitTime = (_) => TimeSpan.Zero });

        Assert.Throws<OperationCanceledException>(() => guard.Examine(s_long, [], null, cancellationToken: caller.Token));
        Assert.Equal(3, looks);
    }

    [Theory]
    [InlineData("Strict")]
    [InlineData("Permissive")]
    public void The_limit_grows_with_the_script_and_lets_every_honest_one_be(string level)
    {
        var settings = new GuardSettings { Level = Enum.Parse<GuardLevel>(level) };

        Assert.True(settings.CpuLimit(0) >= TimeSpan.FromMilliseconds(500));
        Assert.True(settings.CpuLimit(1_000_000) > settings.CpuLimit(0));
        Assert.True(settings.CpuLimit(settings.PreScan.InputBytes) <= TimeSpan.FromSeconds(40));
        Assert.True(new ScriptGuard(settings).Examine(s_long[..30_000] + "\n", []).Issues.All((issue) => issue.Code != "GUARD_CPU_LIMIT"));
    }

    private static GuardSettings Settings(Func<TimeSpan>? clock = null)
    {
        var settings = new GuardSettings { Level = GuardLevel.Standard };
        return clock is null ? settings : settings with { CpuTime = clock };
    }

    private sealed class SlowClock
    {
        private int _hours;

        public TimeSpan Now() => TimeSpan.FromHours(++_hours);
    }
}
