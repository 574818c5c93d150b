using System.Diagnostics;

namespace Enclave.Host.Tests.Models;

/// <summary>Hosts with thousands of tools: found by words, declared on demand, listed within a budget.</summary>
public sealed class ToolSearchTests : IAsyncLifetime
{
    private static readonly string[] s_verbs = ["list", "create", "update", "delete", "archive", "search", "export", "approve"];
    private static readonly string[] s_things = ["issue", "invoice", "customer", "shipment", "ticket"];

    private readonly EnclaveOptions _options = new();
    private EnclaveHost _host = null!;

    public ValueTask InitializeAsync()
    {
        // 50 namespaces of 40 tools: every verb for every kind of object of a service.
        for (int space = 0; space < 50; space++)
        {
            foreach (string thing in s_things)
            {
                foreach (string verb in s_verbs) _options.Tools.Add($"service{space}:{verb}_{thing}", (string id) => id, new ToolOptions
                {
                    Description = $"{char.ToUpperInvariant(verb[0])}{verb[1..]}s an {thing} of department {Department(space)}.",
                });
            }
        }

        _host = new EnclaveHost(_options);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void The_right_one_of_2000_tools_is_among_the_first_five_for_95_of_100_tasks()
    {
        var random = new Random(7);
        int found = 0;
        for (int task = 0; task < 200; task++)
        {
            (int space, string verb, string thing) = (random.Next(50), s_verbs[random.Next(s_verbs.Length)], s_things[random.Next(s_things.Length)]);
            string query = $"please {Formed(verb, task)} the {thing}s for the {Department(space)} department";
            if (_host.SearchTools(query, 5).Any((tool) => tool.Name == $"service{space}:{verb}_{thing}")) found++;
        }

        Assert.Equal(2000, _options.Tools.Count);
        Assert.InRange(found, 190, 200);
    }

    [Fact]
    public void A_search_is_fast()
    {
        _host.SearchTools("approve an invoice");
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100; i++) _host.SearchTools("approve an invoice of sales");
        // The bound is far above the expected time. It fails if each search builds an index.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 0, 2_000);
    }

    [Fact]
    public void An_index_of_2000_tools_fits_a_budget_of_1000_tokens()
    {
        string without = new EnclaveHost(new EnclaveOptions { ToolHandler = (_, _, _) => default }).DescribeForModel();
        string text = _host.DescribeForModelWithin(1_000);

        Assert.Contains("There are 2000 tools.", text, StringComparison.Ordinal);
        Assert.Contains("search_tools(query)", text, StringComparison.Ordinal);
        Assert.Contains("// service49: 40", text, StringComparison.Ordinal);
        // Three characters count as a token.
        Assert.InRange(text.Length - without.Length, 500, 3_200);
    }

    [Fact]
    public async Task Few_tools_are_declared_whole_within_the_same_budget()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("sum", (int a, int b) => a + b);
        await using var host = new EnclaveHost(options);

        Assert.Equal(host.DescribeForModel(), host.DescribeForModelWithin(1_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => host.DescribeForModelWithin(99));
    }

    [Fact]
    public void Declarations_are_given_by_name_and_only_what_is_open()
    {
        string text = _host.DescribeTools(["service3:list_issue", "service3:list_issue", "none\n*/ evil"]);

        Assert.Single(text.Split("callTool(name: 'service3:list_issue'")[1..]);
        Assert.Contains("// There is no tool none", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n*/", text, StringComparison.Ordinal);
        Assert.Empty(_host.SearchTools("zzz qqq"));
    }

    [Fact]
    public async Task Tools_that_are_not_open_to_a_tenant_are_neither_found_nor_declared()
    {
        var options = new EnclaveOptions();
        options.Tools.Add("secret", (int a) => a, new ToolOptions { AllowedTenants = ["admin"], Description = "Opens the vault." });
        await using var host = new EnclaveHost(options);

        Assert.Empty(host.SearchTools("vault"));
        Assert.Single(host.SearchTools("vault", 10, new RunOptions { Tenant = "admin" }));
        Assert.Contains("There is no tool secret", host.DescribeTools(["secret"]), StringComparison.Ordinal);
    }

    private static string Formed(string verb, int task) =>
        (task % 3) switch { 0 => verb, 1 => verb.EndsWith('e') ? $"{verb[..^1]}ing" : $"{verb}ing", _ => $"{verb}s" };

    private static string Department(int space) => $"{"abcdefghij"[space / 10]}{"klmnopqrst"[space % 10]}x{space}";
}
