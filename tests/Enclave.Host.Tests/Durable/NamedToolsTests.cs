using Enclave.Tools;

namespace Enclave.Host.Tests.Durable;

/// <summary>The tools that the first entry of a durable run names.</summary>
public sealed class NamedToolsTests : DurableHosts
{
    private readonly RunStore _store = RunStore.InMemory();

    private protected override RunStore Store => _store;

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
