using System.Text.RegularExpressions;
using Enclave.Guard;

namespace Enclave.Host.Tests.Models;

/// <summary>The text for models where scripts have the whole language: only what differs from what they know.</summary>
public sealed class WholeLanguageTextTests
{
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Standard)]
    public async Task It_says_what_is_not_there_and_what_comes_back(SecurityLevel level)
    {
        await using EnclaveHost host = Open(level, GuardPreset.JavaScript), dialect = Open(level, GuardPreset.AgentScript);

        string text = host.DescribeForModelWithin(4_000), other = dialect.DescribeForModelWithin(4_000);

        Assert.InRange(text.Length, 500, 1_500);
        Assert.True(text.Length * 2 < other.Length, $"{text.Length} and {other.Length}");
        foreach (string words in (string[])[
            "TypeScript", "no files, no network, no modules", "console", "callTool('name', { limit: 50 })", "tools.orders.list", "Promise.all", "parallel(",
            "name, message and code", "End with return", "Promises that are not awaited are lost", "There are no tools here."])
            Assert.Contains(words, text, StringComparison.Ordinal);
        Assert.DoesNotContain("AgentScript", text, StringComparison.Ordinal);
        Assert.DoesNotContain("declare", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_are_those_of_the_run()
    {
        await using EnclaveHost host = Open(SecurityLevel.Standard, GuardPreset.JavaScript);

        string text = host.DescribeForModelWithin(4_000, new RunOptions { Timeout = TimeSpan.FromSeconds(7), MaxIterations = 123, MaxToolCalls = 5 });

        Assert.Contains(
            "Limits: 7 s with waits, 64 MB, 5 tool calls, 5 at once, 123 rounds of one loop, 1000 lines of console.", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, 0)]
    [InlineData(150, 1)]
    public async Task An_index_says_where_it_leaves_names_out_and_only_there(int tokens, int cut)
    {
        var options = new EnclaveOptions { Preset = GuardPreset.JavaScript };
        for (int i = 0; i < 20; i++) options.Tools.Add($"orders:list_{i:00}", (string id) => id, new ToolOptions { Description = new string('a', 200) });
        await using var host = new EnclaveHost(options);

        string index = host.DescribeForModelWithin(tokens).Split("*/")[1];

        Assert.Contains("orders: 20 (list_00, list_01", index, StringComparison.Ordinal);
        Assert.Equal(cut, Regex.Count(index, "…"));
        Assert.Equal(cut == 0, index.Contains("list_19)", StringComparison.Ordinal));
    }

    private static EnclaveHost Open(SecurityLevel level, GuardPreset preset) =>
        new(new EnclaveOptions { SecurityLevel = level, Preset = preset, AllowDegradedIsolation = Enum.GetValues<IsolationLayer>() });
}
