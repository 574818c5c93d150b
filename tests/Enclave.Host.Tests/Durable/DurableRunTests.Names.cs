using Enclave.Journals;

namespace Enclave.Host.Tests.Durable;

/// <content>What a run of a name is, and what its script finds at its start.</content>
public abstract partial class DurableRunTests
{
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
