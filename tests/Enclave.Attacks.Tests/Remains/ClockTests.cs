using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>The resolution with which a script can measure time. Attacks through the processor's caches need a fine one.</summary>
public sealed class ClockTests
{
    /// <summary>Every clock of the language, in milliseconds.</summary>
    private static readonly string[] s_clocks =
    [
        "Date.now()",
        "new Date().getTime()",
        "+new Date()",
        "new Date().getMilliseconds() + 1000 * new Date().getSeconds()",
        "Number(format.format().replace(/[^0-9.]/g, '')) * 1000",
        "Number(format.formatToParts().filter((p) => p.type !== 'literal').map((p) => p.value).join('.')) * 1000",
        "Number(Temporal.Now.instant().epochNanoseconds) / 1e6",
        "Temporal.Now.instant().epochMilliseconds",
        "Temporal.Now.plainTimeISO().millisecond + Temporal.Now.plainTimeISO().microsecond / 1000 + Temporal.Now.plainTimeISO().nanosecond / 1e6",
        "Temporal.Now.plainDateTimeISO().microsecond / 1000 + Temporal.Now.plainDateTimeISO().millisecond",
        "Number(Temporal.Now.zonedDateTimeISO().epochNanoseconds) / 1e6",
        "performance.now()",
        "new Event('a').timeStamp",
    ];

    public static TheoryData<SecurityLevel, string> Coarse
    {
        get
        {
            var data = new TheoryData<SecurityLevel, string>();
            foreach (string clock in s_clocks)
            {
                data.Add(SecurityLevel.Strict, clock);
                data.Add(SecurityLevel.Secure, clock);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Coarse))]
    public async Task T7_Every_clock_moves_in_steps_of_100_ms(SecurityLevel level, string clock)
    {
        string code = $$"""
            const steps = [], format = new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3, second: 'numeric' });
            let last = {{clock}};
            while (steps.length < 3) {
              const now = {{clock}};
              if (now !== last) steps.push(Math.abs(now - last));
              last = now;
            }
            return steps;
            """;
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, Timeout = TimeSpan.FromSeconds(25) }.WithoutGuard());

        ExecutionResult result = await Within.Deadline(host.RunAsync(code), $"steps of {clock}");

        if (!result.Success && result.Error!.Name == "ReferenceError" && result.Error.Message.Contains("Temporal", StringComparison.Ordinal)) return;
        Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        Assert.All(result.Value.Items, (step) => Assert.True(Math.Abs((step.AsDouble() + 50) % 100 - 50) < 0.5, $"{clock} moved by {step.AsDouble()} ms"));
    }

    /// <summary>A timer that fired between two steps of the clock would be a second clock.</summary>
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    public async Task T7_Timers_fire_where_the_clock_moves(SecurityLevel level)
    {
        const string Code = """
            const shown = [];
            for (let i = 0; i < 8; i++) {
              const before = Date.now();
              await new Promise((done) => setTimeout(done, 1 + i));
              shown.push([Date.now() - before, before % 100]);
            }
            return shown;
            """;
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, Timeout = TimeSpan.FromSeconds(5) }.WithoutGuard());

        ExecutionResult result = await Within.Deadline(host.RunAsync(Code), "timers");

        Assert.True(result.Success, $"{result.Error?.Code} {result.Error?.Message}");
        Assert.All(result.Value.Items, (wait) =>
        {
            Assert.True(wait.Items[0].AsDouble() >= 100, $"a timer fired {wait.Items[0].AsDouble()} ms later, within a step");
            Assert.Equal((0d, 0d), (wait.Items[0].AsDouble() % 100, wait.Items[1].AsDouble()));
        });
    }

    /// <summary>
    /// A script that knows when its clock moves can count its own work from one step to the next. So each step comes at a moment of its own: late by up to
    /// 100 ms. A clock whose steps are where the time has them never shows less than the last of them.
    /// </summary>
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    public async Task T7_The_steps_of_the_clock_come_at_moments_that_nobody_knows(SecurityLevel level)
    {
        const int Step = 100, Runs = 60;
        long before = 0;
        int late = 0;
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            ToolHandler = (_, _, _) =>
            {
                before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
                return default;
            },
        };
        await using var host = new EnclaveHost(options.WithoutGuard());
        for (int i = 0; i < Runs; i++)
        {
            ExecutionResult result = await host.RunAsync("await callTool('look', {}); const first = Date.now(); return [first, Date.now()]");
            long after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            Assert.True(result.Success, result.Error?.Message);
            long[] shown = [.. result.Value.Items.Select((time) => (long)time.AsDouble())];

            Assert.All(shown, (time) => Assert.Equal(0, time % Step));
            Assert.True(shown[0] <= shown[1], "the clock went back");
            Assert.InRange(shown[1], (before / Step * Step) - Step, after);
            if (shown[0] < before / Step * Step) late++;
        }

        // Each time is late with a probability of one half.
        Assert.InRange(late, 1, Runs - 1);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    public async Task T7_Features_that_could_be_made_into_a_clock_are_missing(SecurityLevel level)
    {
        string[] names = ["SharedArrayBuffer", "Atomics", "WebAssembly", "WeakRef", "FinalizationRegistry", "Worker", "MessageChannel",
            "BroadcastChannel", "requestAnimationFrame", "requestIdleCallback", "gc"];
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level }.WithoutGuard());

        ExecutionResult result = await host.RunAsync($"return [{string.Join(',', names.Select((name) => $"typeof globalThis['{name}'], typeof {name}"))}]");

        Assert.All(result.Value.Items, (kind) => Assert.Equal("undefined", kind.AsString()));
    }
}
