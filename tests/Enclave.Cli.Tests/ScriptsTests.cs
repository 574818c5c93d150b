using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave scripts</c> and <c>enclave run --saved</c>: each command is a process of its own, over one folder.</summary>
public sealed class ScriptsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => Path.Combine(_folder.Path, "store");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_script_is_saved_run_mended_tried_and_rolled_back()
    {
        string schema = _folder.File("schema.json", """{ "type": "object", "properties": { "n": { "type": "number" } }, "required": ["n"] }""");
        CliResult first = await ScriptsAsync(
            "save", "report", _folder.File("one.js", "return args.n * 2\n"), "--note", "first", "--params", schema, "--activate");
        CliResult second = await ScriptsAsync("save", "report", _folder.File("two.js", "return args.n * 3\n"), "--author", "ann");
        Assert.Equal((0, "report@1: active\n"), (first.ExitCode, first.Output));
        Assert.Equal((0, "report@2: a draft: enclave scripts activate report@2 lets runs get it\n"), (second.ExitCode, second.Output));

        CliResult active = await RunAsync("report", "--args", """{"n": 21}""", "--json"), draft = await RunAsync("report@2", "--args", """{"n": 21}""");
        CliResult wrong = await RunAsync("report", "--args", """{"n": "x"}"""), unknown = await RunAsync("reports");
        Assert.Equal("report@1", JsonDocument.Parse(active.Output).RootElement.GetProperty("script").GetString());
        Assert.Equal((42, "63\n"), (JsonDocument.Parse(active.Output).RootElement.GetProperty("value").GetInt32(), draft.Output));
        Assert.Equal((2, "enclave: the arguments of report@1 do not fit its parameters: $.n is \"x\"; expected a number\n"), (wrong.ExitCode, wrong.Error));
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("enclave scripts list shows those that there are", unknown.Error, StringComparison.Ordinal);

        Assert.Equal(
            "report: version 1 is active, version 2 for 0 % of runs; 2 versions, the newest is 2\n",
            (await ScriptsAsync("activate", "report@2", "--percent", "0")).Output);
        Assert.Equal("report: version 1 is active, version 2 for acme, globex; 2 versions, the newest is 2\n",
            (await ScriptsAsync("activate", "report@2", "--tenants", "acme,globex")).Output);
        Assert.Equal("63\n", (await RunAsync("report", "--args", """{"n": 21}""", "--tenant", "acme")).Output);
        Assert.Equal("report: version 1 is active; 2 versions, the newest is 2\n", (await ScriptsAsync("rollback", "report")).Output);
        Assert.Equal("report: version 2 is active; 2 versions, the newest is 2\n", (await ScriptsAsync("activate", "report@2")).Output);
        JsonElement listed = JsonDocument.Parse((await ScriptsAsync("list", "--json")).Output).RootElement[0];
        Assert.Equal((2, "ann", "object"), (listed.GetProperty("active").GetInt32(), listed.GetProperty("versions")[1].GetProperty("author").GetString(),
            listed.GetProperty("versions")[0].GetProperty("parameters").GetProperty("type").GetString()));
        Assert.Equal("report@1 -> report@2\n- return args.n * 2\n+ return args.n * 3\n", (await ScriptsAsync("diff", "report@1", "report@2")).Output);
        CliResult shown = await ScriptsAsync("show", "report@1");
        Assert.EndsWith("\nreturn args.n * 2\n", shown.Output, StringComparison.Ordinal);
        Assert.Contains(": first\n", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_with_problems_is_refused_and_a_change_of_tools_names_those_that_would_break()
    {
        string script = _folder.File("mail.js", "const to = 'ann';\nreturn await callTool('mail', { to })\n");
        string tools = _folder.File("tools.json", """{ "mail": 1 }"""), others = _folder.File("others.json", """{ "letter": 1 }""");
        CliResult refused = await ScriptsAsync("save", "mail", script, "--tools", others);
        CliResult broken = await ScriptsAsync("save", "mail", _folder.File("broken.js", "return ("));
        CliResult saved = await ScriptsAsync("save", "mail", script, "--tools", tools, "--activate", "--tenant", "acme");

        CliResult fits = await ScriptsAsync("check", "--tools", tools), breaks = await ScriptsAsync("check", "--tools", others);
        CliResult json = await ScriptsAsync("check", "--tools", others, "--json");

        Assert.Equal((4, 4, 0), (refused.ExitCode, broken.ExitCode, saved.ExitCode));
        Assert.Contains("enclave: mail is not saved: line 2: There is no tool \"mail\"", refused.Error, StringComparison.Ordinal);
        Assert.Equal((0, "1 script: all fit the tools and policies\n"), (fits.ExitCode, fits.Output));
        Assert.Equal(4, breaks.ExitCode);
        Assert.StartsWith("acme mail@1, line 2: UNKNOWN_TOOL: There is no tool \"mail\"", breaks.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 of 1 script, of 1 tenant, would break\n", breaks.Output, StringComparison.Ordinal);
        Assert.Equal("UNKNOWN_TOOL", JsonDocument.Parse(json.Output).RootElement[0].GetProperty("issues")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Ledger_and_recording_name_the_version()
    {
        await ScriptsAsync("save", "report", _folder.File("fails.js", "throw new Error('no data')"), "--activate");
        string ledger = Path.Combine(_folder.Path, "ledger");
        CliResult failed = await RunAsync("report", "--keep-recordings", "on-failure", "--ledger", ledger);
        Assert.Equal(1, failed.ExitCode);
        string id = failed.Error.Split("recording kept: ")[1].Trim();

        CliResult usage = await CliProcess.RunAsync("usage", "--ledger", ledger, "--by", "script", "--json");
        CliResult explained = await CliProcess.RunAsync("explain", id, "--store", Store);
        CliResult replayed = await CliProcess.RunAsync("replay", id, "--store", Store, "--json");

        Assert.Equal("report@1", JsonDocument.Parse(usage.Output).RootElement[0].GetProperty("script").GetString());
        Assert.Contains("Error: no data\nline 1\n", explained.Output, StringComparison.Ordinal);
        Assert.Equal("report@1", JsonDocument.Parse(replayed.Output).RootElement.GetProperty("result").GetProperty("script").GetString());
    }

    [Theory]
    [InlineData("give one.js or --saved report, not both", "run", "one.js", "--saved", "report", "--store", "s")]
    [InlineData("--saved needs the folder of saved scripts: give --store FOLDER", "run", "--saved", "report")]
    [InlineData("--language is for a FILE", "run", "--saved", "report", "--store", "s", "--language", "typescript")]
    [InlineData("--saved is for a single script", "run", "--batch", "jobs.jsonl", "--saved", "report")]
    public async Task Options_that_do_not_go_together_are_refused(string message, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private Task<CliResult> ScriptsAsync(string command, params string[] arguments) =>
        CliProcess.RunAsync(["scripts", command, .. arguments, "--store", Store]);

    private Task<CliResult> RunAsync(string saved, params string[] arguments) => CliProcess.RunAsync(["run", "--saved", saved, .. arguments, "--store", Store]);
}
