using Enclave.Guard;
using Enclave.Journals;

namespace Enclave.Host.Tests.Durable;

/// <content>What a run of a name is, and what its script finds at its start.</content>
public abstract partial class DurableRunTests
{
    [Fact]
    public async Task A_run_that_uses_tools_as_a_value_has_those_of_its_start_to_its_end()
    {
        EnclaveHost first = Host(), second = Host(add: (tools) => tools.Add("new:tool", () => ""));
        const string Code = """
            const t = tools;
            const before = Object.keys(t), answer = await waitFor('approval');
            return [before.join() === Object.keys(t).join(), typeof t.new, await t.note({ text: answer })];
            """;

        DurableRun waiting = await first.StartAsync(Code, Named("value") with { Preset = GuardPreset.JavaScript }, Token);
        Assert.True(waiting.State == DurableRunState.Suspended, $"{waiting.Result?.Error}");
        await second.AnswerAsync(waiting.Waits[0].Token, "b", Token);
        DurableRun ended = await second.ResumeAsync("value", cancellationToken: Token);

        Assert.True(ended.Result?.Success, $"{ended.Result?.Error}");
        Assert.Equal("""[true,"undefined","note b"]""", ended.Result!.Value.ToJsonString());
    }

    [Fact]
    public async Task A_refused_script_does_not_take_its_name()
    {
        EnclaveHost host = Host();

        DurableRun refused = await host.StartAsync("return eval('1')", Named("draft"), Token);
        DurableRun mended = await host.StartAsync("return await callTool('note', { text: 'a' })", Named("draft"), Token);

        Assert.Equal(ErrorCode.ValidationError, refused.Result!.Error!.Code);
        Assert.True(mended.Result?.Success, $"{mended.Result?.Error}");
        JournalException taken = await Assert.ThrowsAsync<JournalException>(() => host.StartAsync("return eval('1')", Named("draft"), Token));
        Assert.Equal(JournalFault.NameTaken, taken.Fault);
        Assert.Equal(["a"], Ledger);
    }

    [Fact]
    public async Task The_first_part_of_a_script_that_starts_over_has_args_without_a_value()
    {
        EnclaveHost host = Host(wakes: true);

        ExecutionResult result = await host.RunAsync(
            "const round = args === undefined ? 0 : args.round; if (round < 2) return continueWith({ round: round + 1 }); return round;", Named("over"), Token);

        Assert.True(result.Success, $"{result.Error}");
        Assert.Equal(2, result.Value.AsInt64());
    }
}
