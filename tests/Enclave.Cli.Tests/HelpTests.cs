using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>Help and version.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("enclave run script.js", "--help")]
    [InlineData("enclave run --batch jobs.jsonl", "run", "--help")]
    [InlineData("enclave scripts save report report.js", "scripts", "--help")]
    [InlineData("enclave schedules add nightly", "schedules", "--help")]
    [InlineData("enclave replay report.recording.json", "replay", "--help")]
    [InlineData("enclave check script.js", "check", "--help")]
    [InlineData("enclave score script.js", "score", "--help")]
    [InlineData("enclave parse - --scopes", "parse", "--help")]
    [InlineData("enclave serve --tool", "serve", "--help")]
    [InlineData("enclave runtime --port 3001", "runtime", "--help")]
    [InlineData("enclave mcp --server", "mcp", "--help")]
    [InlineData("enclave prompt --preset", "prompt", "--help")]
    [InlineData("enclave migrate --store-file", "migrate", "--help")]
    [InlineData("enclave health http://127.0.0.1:3001/health", "health", "--help")]
    [InlineData("enclave doctor --json", "doctor", "-h")]
    [InlineData("enclave completion bash", "completion", "--help")]
    public async Task Every_command_has_examples(string example, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(arguments);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("Usage:\n  enclave ", result.Output, StringComparison.Ordinal);
        Assert.Contains(example, result.Output[result.Output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_says_what_its_options_do()
    {
        CliResult result = await CliProcess.RunAsync("run", "--help");

        Assert.Contains("--preset <NAME>", result.Output, StringComparison.Ordinal);
        Assert.Contains("--no-check", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("not enforced", result.Output, StringComparison.Ordinal);
    }

    /// <summary>A runtime's sessions have limits of their own (docs/runtime.md); all other commands' runs have the level's.</summary>
    [Theory]
    [InlineData(
        "runtime", "Default: 30s, unless the broker asks for another.", "Default: 128MB, unless the broker asks for another.",
        "Default: 100, unless the broker asks for another.")]
    [InlineData("serve", "Default by level: 5, 15, 30, 60 s.", "Default: 64MB.", "Default by level: 10, 50, 100, 1000.")]
    public async Task Limits_name_their_defaults(string command, string timeout, string memory, string maxToolCalls)
    {
        string help = (await CliProcess.RunAsync(command, "--help")).Output;

        string Of(string option)
        {
            string text = help[help.IndexOf($"{option} <", StringComparison.Ordinal)..].Split("\n  -", 2)[0];
            return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }

        Assert.EndsWith(timeout, Of("--timeout"), StringComparison.Ordinal);
        Assert.EndsWith(memory, Of("--memory"), StringComparison.Ordinal);
        Assert.EndsWith(maxToolCalls, Of("--max-tool-calls"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_arguments_show_the_help_as_wrong_usage()
    {
        CliResult result = await CliProcess.RunAsync();

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Commands:", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_names_product_and_engine()
    {
        CliResult result = await CliProcess.RunAsync("--version");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^enclave \d+\.\d+\.\d+\S* \(V8 \d+\.\d+\.\S+\)\n$", result.Output);
    }

    [Fact]
    public async Task The_version_is_there_without_an_engine()
    {
        CliResult result = await CliProcess.RunAsync("", ["--version"], ("ENCLAVE_ENGINE", "/nowhere"));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("(no engine: ", result.Output, StringComparison.Ordinal);
    }
}
