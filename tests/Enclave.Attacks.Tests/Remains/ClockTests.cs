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

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    public async Task T7_Features_that_could_be_made_into_a_clock_are_missing(SecurityLevel level)
    {
        string[] names = ["SharedArrayBuffer", "Atomics", "WebAssembly", "WeakRef", "FinalizationRegistry", "performance", "setTimeout", "setInterval",
            "setImmediate", "queueMicrotask", "Worker", "MessageChannel", "gc"];
        await using var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level }.WithoutGuard());

        ExecutionResult result = await host.RunAsync($"return [{string.Join(',', names.Select((name) => $"typeof globalThis['{name}'], typeof {name}"))}]");

        Assert.All(result.Value.Items, (kind) => Assert.Equal("undefined", kind.AsString()));
    }
}
