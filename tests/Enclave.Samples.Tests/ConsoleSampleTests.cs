using Enclave.Tests;

namespace Enclave.Samples.Tests;

/// <summary>The samples that run to their end.</summary>
public sealed class ConsoleSampleTests
{
    [Fact]
    public async Task The_agent_is_told_what_was_wrong_and_gets_to_its_answer()
    {
        (int exitCode, string output) = await RunAsync("Enclave.Samples.AgentLoop");

        Assert.Equal(0, exitCode);
        Assert.Equal(2, output.Split("--- refused, the model is told:").Length - 1);
        Assert.Contains("fetch", output.Split("told:")[1], StringComparison.Ordinal);
        Assert.Contains("area", output.Split("told:")[2], StringComparison.Ordinal);
        Assert.EndsWith("""--- answer: {"region":"south","amount":340,"share":"56.7 %"}""", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_in_code_mode_reads_files_and_remembers_in_two_turns()
    {
        string artifacts = Path.Combine(Repository.Root, "artifacts");
        (int exitCode, string output) = await RunAsync(
            "Enclave.Samples.CodeMode", Path.Combine(artifacts, "engine", "node"), Path.Combine(artifacts, "npm", "mcp-interop", "node_modules"));

        Assert.True(exitCode == 0, output);
        Assert.Contains("did you mean files:read_text_file?", output, StringComparison.Ordinal);
        Assert.EndsWith(
            """--- answer after 3 turns: {"value":{"sold":{"apples":8,"pears":4,"plums":2},"total":34}}""", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_of_Agent_Framework_asks_for_each_payment_of_its_script()
    {
        (int exitCode, string output) = await RunAsync("Enclave.Samples.AgentFramework");

        Assert.True(exitCode == 0, output);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(["--- pay(acme, 120): yes", "--- pay(globex, 80): yes", "--- pay(initech, 4000): no"], lines[..3]);
        Assert.StartsWith("""--- answer: {"value":["paid 120 to acme","paid 80 to globex","initech is open: """, lines[3], StringComparison.Ordinal);
        Assert.Contains("ask the director", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_tenants_rule_prices_its_orders_and_a_broken_one_spoils_no_others()
    {
        (int exitCode, string output) = await RunAsync("Enclave.Samples.RulesEngine");

        Assert.Equal(0, exitCode);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(["acme       order 1: 92.00", "acme       order 2: 494.00"], lines[..2]);
        Assert.All(lines[2..4], (line) => Assert.Contains("globex     order", line, StringComparison.Ordinal));
        Assert.All(lines[2..4], (line) => Assert.Contains("list price, the rule failed: ", line, StringComparison.Ordinal));
        Assert.Equal(["initech    order 1: 100.00", "initech    order 2: 535.00"], lines[4..]);
    }

    [Fact]
    public async Task A_plug_in_calls_what_its_manifest_names_and_nothing_else()
    {
        (int exitCode, string output) = await RunAsync("Enclave.Samples.PluginSystem");

        Assert.Equal(0, exitCode);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("broken: not loaded, ", lines[0], StringComparison.Ordinal);
        Assert.Equal("greeter: \"HELLO!\"", lines[1]);
        Assert.StartsWith("nosy: TOOL_ERROR: ", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("the secret", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string project, params string[] arguments)
    {
        await using var sample = new SampleProcess(project, arguments);
        return await sample.ExitAsync();
    }
}
