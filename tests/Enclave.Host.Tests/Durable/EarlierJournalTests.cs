using Enclave.Tests;
using Enclave.Tools;

namespace Enclave.Host.Tests.Durable;

/// <summary>Runs that an earlier version put aside (in <c>Earlier/</c>) go on, and what the first entry says of tools.</summary>
public sealed class EarlierJournalTests : DurableHosts
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-earlier-").FullName;

    private protected override RunStore Store => RunStore.InFolder(_folder);

    private protected override IReadOnlyList<byte[]> Keys => [Convert.FromHexString(string.Concat(Enumerable.Repeat("0b", 32)))];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_run_that_an_earlier_version_put_aside_goes_on()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests/Enclave.Host.Tests/Durable/Earlier")))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        EnclaveHost host = Host();

        await host.AnswerAsync("e83f3df0770a4328b79626ee8d78fdd6", "yes", Token);
        DurableRun ended = await host.ResumeAsync("order-7", cancellationToken: Token);

        Assert.Equal("""[{"text":"a"},"note yes",7]""", ended.Result?.Value.ToJsonString());
        Assert.Equal("asks\n", ended.Result!.Stdout);
        Assert.Equal(["yes"], Ledger);
        Assert.Empty((await host.Runs.HistoryAsync("order-7", cancellationToken: Token)).OfType<NoticeEvent>());
    }

    [Fact]
    public void The_first_entry_names_the_tools_of_the_script_and_of_its_tenant()
    {
        EnclaveHost host = Host(add: (tools) =>
        {
            tools.Add("orders:list", (int limit) => limit).Add("other", (int limit) => limit);
            tools.Add("theirs", () => 1, new ToolOptions { AllowedTenants = ["b"] });
            for (int i = 0; i < 120; i++) tools.Add($"many-{i}", () => 1);
        });
        var own = new ToolCollection().Add("own", (int n) => n);

        Dictionary<string, string> few = NamedTools.In(
            "await callTool('note', {}); await tools.orders.list({}); return await callTool(`own`, 'theirs', `nothing`)",
            new RunOptions { Tools = own, Tenant = "a" },
            host.Registry);
        Dictionary<string, string> many = NamedTools.In(string.Concat(Enumerable.Range(0, 120).Select((i) => $"'many-{i}' ")), null, host.Registry);

        Assert.Equal(["note", "orders:list", "own"], few.Keys.Order());
        Assert.Equal(3, few.Values.Distinct().Count());
        Assert.Equal(100, many.Count);
    }
}
