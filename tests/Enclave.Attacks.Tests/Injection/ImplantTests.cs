using System.Globalization;
using Enclave.Tests;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Native code that took a worker over and hides before its memory is compared. STRICT finds it after its first run.</summary>
[Collection(Jail.Collection)]
public sealed class ImplantTests
{
    private const int Most = 20, Ping = 9, Hosts = 4;

    [Fact]
    public Task T5_An_implant_that_waits_for_a_sign_of_the_comparison_gets_none() => AssertFound(
        (_) => true,
        (implant, frame) =>
        {
            if (frame == Ping) implant.Hide();
        });

    [Fact]
    public Task T5_An_implant_that_hides_before_it_waits_and_returns_into_itself_is_found() => AssertFound((implant) =>
    {
        implant.Hide();
        // The highest return address: the frame that it belongs to never returns, so an unnoticed change does no harm to the worker.
        (long stack, long end) = Planted.Stack(implant.Pid);
        (long code, long codeEnd) = Planted.Code(implant.Pid);
        long at = Enumerable.Range(1, (int)((end - stack) / sizeof(long)))
            .Select((i) => end - (i * sizeof(long))).First((address) => implant.Word(address) is { } word && word >= code && word < codeEnd);
        implant.Put(at, BitConverter.GetBytes(implant.Word(at) + 1));
        return false;
    });

    [Fact]
    public Task T5_An_implant_that_waits_on_a_stack_of_its_own_is_found() => AssertFound((implant) =>
    {
        implant.Hide();
        Ptrace.Registers registers = implant.Registers;
        byte[] frames = implant.Get(registers.Rsp, (int)(Planted.Stack(implant.Pid).End - registers.Rsp));
        registers.Rsp -= 0x8000;
        implant.Put(registers.Rsp, frames);
        implant.Registers = registers;
        return false;
    });

    [Fact]
    public Task T5_An_implant_that_has_the_next_job_written_elsewhere_is_found() => AssertFound((implant) =>
    {
        implant.Hide();
        Ptrace.Registers registers = implant.Registers;
        registers.Rsi += 4096;
        implant.Registers = registers;
        return false;
    });

    /// <summary>True if code can set its thread pointer without a system call. Elsewhere the filter of calls protects the pointer.</summary>
    private static readonly bool s_setsThreadPointer = File.ReadLines("/proc/cpuinfo")
        .First((line) => line.StartsWith("flags", StringComparison.Ordinal)).Split(' ').Contains("fsgsbase");

    /// <summary>The host does not see these registers while the worker waits. The worker takes them from its stack, which is compared.</summary>
    [Fact]
    public async Task T5_Registers_that_nobody_sees_do_not_reach_the_next_job()
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        await using var host = new WatchedHost(SecurityLevel.Strict, ResetComparison.ByLevel, nameof(PageListing.Scan));
        int? runs = await host.RunsUntilFound(
            (pid) => Implant.Enter(Planted.Nothing(pid), (implant) =>
            {
                Ptrace.Registers registers = implant.Registers;
                (registers.Rbx, registers.Rbp, registers.R12, registers.R13, registers.R14, registers.R15) = (1, 2, 3, 4, 5, 6);
                // The direction flag, which the calling convention wants clear, and a thread pointer that leads nowhere.
                registers.Flags |= 0x400;
                if (s_setsThreadPointer) registers.FsBase = 4096;
                implant.Registers = registers;
                return false;
            }),
            Most);

        Assert.Equal(Most + 1, runs);
        Assert.Equal(0, host.Recycled);
    }

    private static async Task AssertFound(Func<Implant, bool> beforeWaiting, Action<Implant, int>? onFrame = null)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        // The host waits for some of them for seconds, so several hosts do.
        await Task.WhenAll(Enumerable.Range(0, Hosts).Select((i) => Task.Run(() => AssertFound(38 + i, TestSize.Of(4, 200) / Hosts, beforeWaiting, onFrame))));
    }

    private static async Task AssertFound(int seed, int count, Func<Implant, bool> beforeWaiting, Action<Implant, int>? onFrame)
    {
        var random = new Random(seed);
        await using var host = new WatchedHost(SecurityLevel.Strict, ResetComparison.ByLevel, nameof(PageListing.Scan));
        for (int i = 0; i < count; i++)
        {
            int? runs = null;
            // A change of what a job or the reset needs ends the worker.
            for (int tries = 0; tries < 8 && runs is null; tries++)
                runs = await host.RunsUntilFound((pid) => Implant.Enter(Planted.InConstants(pid, random), beforeWaiting, onFrame), Most);

            Assert.True(runs == 1, string.Create(CultureInfo.InvariantCulture, $"implant {i} of seed {seed} was found after {runs} runs"));
        }
    }
}
