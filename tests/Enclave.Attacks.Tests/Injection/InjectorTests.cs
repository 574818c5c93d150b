using System.Globalization;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>The injector really makes the calls. Otherwise a refusal would prove nothing.</summary>
[Collection(Jail.Collection)]
public sealed class InjectorTests
{
    [Fact]
    public async Task A_call_that_is_allowed_is_made_and_the_worker_does_its_next_job()
    {
        await using InjectedHost host = Jail.Open(SecurityLevel.Standard, Jail.Bubblewrap);
        // Its id in the jail's pid namespace is the last one.
        string own = ProcFile.Status($"/proc/{await host.Worker()}/status")["NSpid"].Split('\t')[^1];
        Assert.Equal(long.Parse(own, CultureInfo.InvariantCulture), (await host.Attack((tracee) => tracee.Call(SystemCall.GetPid))).Value);
    }

    [Fact]
    public async Task Text_and_structures_arrive_and_are_gone_afterwards()
    {
        await using InjectedHost host = Jail.Open(SecurityLevel.Standard, Jail.Bubblewrap);
        CallOutcome outcome = await host.Attack((tracee) => tracee.Call(SystemCall.Write, 2, tracee.Put("hello from inside"), 17));
        Assert.Equal(17, outcome.Value);
        CallOutcome asked = await host.Attack((tracee) =>
        {
            long time = tracee.PutNumbers(0, 0);
            CallOutcome answer = tracee.Call(228, 1, time);
            return answer.IsDone ? CallOutcome.Of(BitConverter.ToInt64(tracee.Get(time, 8))) : answer;
        });
        Assert.InRange(asked.Value, 1, Environment.TickCount64 / 1000 + 1);
    }

    [Fact]
    public async Task P13_A_workers_log_forges_no_line_in_the_hosts()
    {
        const string Forged = "\n2026-11-24 INFO all is well \u001b[2K\u202e\r";
        await using InjectedHost host = Jail.Open(SecurityLevel.Standard, Jail.Bubblewrap);

        await host.AssertForbidden("a socket", (tracee) =>
        {
            tracee.Call(SystemCall.Write, 2, tracee.Put("worker:" + Forged + "!"), 7 + System.Text.Encoding.UTF8.GetByteCount(Forged) + 1);
            return tracee.Call(SystemCall.Socket, 2, 1);
        });

        string detail = Assert.Single(host.Events).Detail;
        Assert.EndsWith(@"worker:\n2026-11-24 INFO all is well \u{1b}[2K\u{202e}\u{d}!", detail, StringComparison.Ordinal);
    }

    /// <summary>The attacks are real: root without isolation succeeds with every one.</summary>
    [Fact]
    public async Task Every_attack_succeeds_in_a_process_without_layers()
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        using var target = new AttackTarget();
        var refused = new List<string>();
        foreach (Attack attack in AttackTable.HeldTwice.Concat(AttackTable.HeldOnce))
        {
            CallOutcome outcome = await BareProgram.Try((tracee) => attack.Make(tracee, target));
            if (!attack.GotThrough(outcome)) refused.Add($"{attack}: {outcome}");
        }

        // A container has its own filter and limits, which apply to everything in it.
        Assert.SkipWhen(refused.Count > 0 && Machine.This.InContainer, $"the container refuses by itself: {string.Join("; ", refused)}");
        Assert.Empty(refused);
    }

    /// <summary>The kernel also reports a traced process's stops to its parent's wait for the end, if the tracer is a thread of the parent.</summary>
    [Fact]
    public async Task A_process_that_is_held_at_its_end_is_not_taken_for_reaped()
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        using BareProgram program = await BareProgram.Start();
        bool taken = await Injector.Inside(program.Pid, (tracee) =>
        {
            program.Kill();
            Assert.True(SpinWait.SpinUntil(() => tracee.IsHeldAtItsEnd, TimeSpan.FromSeconds(30)), "the process was not held at its end");
            bool reaped = program.TryReap();
            tracee.Spend();
            return reaped;
        });

        Assert.False(taken);
        await Within.Becomes(program.TryReap, "the process was reaped");
        await ProcessTable.Gone(program.Pid, "the killed program");
    }
}
