using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave check</c>, and the output of <c>enclave run</c> for scripts that it refuses.</summary>
public sealed class CheckTests
{
    private const string Endless = "const rows = [];\nwhile (rows.length < 5) rows.push(1);\nreturn rows;\n";

    [Fact]
    public async Task An_issue_has_its_place_its_line_and_a_hint()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("endless.js", Endless);

        CliResult result = await CliProcess.RunAsync("check", file);

        Assert.Equal((4, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            $"""
            {file}:2:0: error FORBIDDEN_LOOP: 'while' loops are not allowed
                while (rows.length < 5) rows.push(1);
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                hint: Write for (let i = 0; i < limit && condition; i++) with a limit.
            refused: 1 error
            hint: --preset javascript accepts it; process, jail and limits protect this machine with any rules

            """,
            result.Output);
    }

    [Theory]
    [InlineData("a.ts", null, 0, "accepted\n")]
    [InlineData("a.mts", null, 0, "accepted\n")]
    [InlineData("a.js", null, 0, "accepted\n")]
    [InlineData("a.js", "typescript", 0, "accepted\n")]
    [InlineData("a.ts", "javascript", 4, "error PARSE_ERROR: ")]
    public async Task Typed_scripts_are_read_as_they_are_named_or_as_it_is_said(string name, string? language, int exitCode, string words)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File(name, "interface Order { total: number }\nconst order: Order = { total: 1 };\nreturn order.total");

        CliResult result = await CliProcess.RunAsync(["check", file, .. language is null ? (string[])[] : ["--language", language]]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(words, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_name_of_a_file_decides_how_an_ambiguous_text_is_read()
    {
        const string ambiguous = "const f = (x) => x; const T = 2;\nreturn f<T>(1)";
        using var folder = new TemporaryFolder();

        CliResult script = await CliProcess.RunAsync("run", folder.File("a.js", ambiguous));
        CliResult typed = await CliProcess.RunAsync("run", folder.File("a.ts", ambiguous));

        Assert.Equal(("false\n", "1\n"), (script.Output, typed.Output));
    }

    [Theory]
    [InlineData("return 1", "accepted\n")]
    [InlineData("return 1; console.log(2)", "accepted: 1 warning\n")]
    public async Task A_script_that_would_run_is_accepted(string code, string end)
    {
        CliResult result = await CliProcess.RunAsync(code, ["check", "-"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.EndsWith(end, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_is_called_one()
    {
        CliResult result = await CliProcess.RunAsync("return 1; console.log(2)", ["check", "-"]);

        Assert.StartsWith("stdin:1:10: warning UNREACHABLE_CODE: ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_does_not_parse_is_refused_with_its_place()
    {
        CliResult result = await CliProcess.RunAsync("let a = ;", ["check", "-"]);

        Assert.Equal(4, result.ExitCode);
        Assert.StartsWith("stdin:1:8: error PARSE_ERROR: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("    let a = ;\n            ^\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_object_for_a_file()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("endless.js", Endless);

        CliResult result = await CliProcess.RunAsync("check", file, "--json");

        Assert.Equal((4, ""), (result.ExitCode, result.Error));
        JsonElement json = JsonDocument.Parse(Assert.Single(result.Lines)).RootElement;
        Assert.Equal(["file", "valid", "issues", "acceptedBy"], json.EnumerateObject().Select((member) => member.Name));
        Assert.Equal((file, false), (json.GetProperty("file").GetString(), json.GetProperty("valid").GetBoolean()));
        JsonElement issue = Assert.Single(json.GetProperty("issues").EnumerateArray());
        Assert.Equal(["rule", "code", "severity", "message", "hint", "location", "data"], issue.EnumerateObject().Select((member) => member.Name));
        Assert.Equal("error", issue.GetProperty("severity").GetString());
        Assert.Equal("""{"offset":17,"length":37,"line":2,"column":0,"endLine":2,"endColumn":37}""", issue.GetProperty("location").GetRawText());
    }

    [Fact]
    public async Task Several_files_have_one_summary_and_the_worst_exit_code()
    {
        using var folder = new TemporaryFolder();
        string good = folder.File("good.js", "return 1"), bad = folder.File("bad.js", "return eval"), missing = Path.Combine(folder.Path, "none.js");

        CliResult refused = await CliProcess.RunAsync("check", good, bad);
        CliResult partly = await CliProcess.RunAsync("check", good, bad, folder.File("never.js", "return eval('1')"));
        CliResult lost = await CliProcess.RunAsync("check", missing, bad, good, "--json");
        CliResult text = await CliProcess.RunAsync("check", good, missing);

        Assert.Equal(4, refused.ExitCode);
        Assert.Equal(
            (string[])["2 files, 1 accepted, 1 refused: 1 error",
                "hint: --preset javascript accepts 1 refused file; process, jail and limits protect this machine with any rules"],
            refused.Lines[^2..]);
        Assert.StartsWith(
            "3 files, 1 accepted, 2 refused: 3 errors\nhint: --preset javascript accepts 1 refused file;", string.Join('\n', partly.Lines[^2..]),
            StringComparison.Ordinal);
        Assert.Equal((2, 3), (lost.ExitCode, lost.Lines.Length));
        Assert.StartsWith($"{{\"file\":\"{missing}\",\"error\":{{\"message\":\"Could not find file", lost.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{{\"file\":\"{bad}\",\"valid\":false,", lost.Lines[1], StringComparison.Ordinal);
        Assert.Equal($"{{\"file\":\"{good}\",\"valid\":true,\"issues\":[]}}", lost.Lines[2]);
        Assert.Equal((2, "2 files, 1 accepted, 0 refused, 1 not read\n"), (text.ExitCode, text.Output));
    }

    [Theory]
    [InlineData(0, "return args.a", "--globals", "args,limits")]
    [InlineData(4, "return args.a")]
    [InlineData(0, "return 'a'.match(/a/)")]
    [InlineData(4, "return 'a'.match(/a/)", "--level", "strict")]
    [InlineData(0, "class A {}", "--level", "permissive")]
    [InlineData(0, "function f() {} return f", "--preset", "standard")]
    public async Task Level_preset_and_globals_decide(int code, string script, params string[] options)
    {
        CliResult result = await CliProcess.RunAsync(script, ["check", "-", .. options]);

        Assert.Equal((code, ""), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("check")]
    [InlineData("check", "/nowhere/script.js")]
    [InlineData("check", "-", "-")]
    [InlineData("check", "-", "--preset", "lax")]
    [InlineData("check", "-", "--level", "3")]
    [InlineData("check", "-", "--globals", ",")]
    public async Task Two_for_wrong_usage(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.NotEqual("", result.Error);
    }

    [Fact]
    public async Task It_needs_no_engine()
    {
        CliResult result = await CliProcess.RunAsync("return 1", ["check", "-"], ("ENCLAVE_ENGINE", "/nowhere"));

        Assert.Equal((0, "accepted\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Run_shows_a_refusal_as_check_does()
    {
        CliResult check = await CliProcess.RunAsync(Endless, ["check", "-"]);
        CliResult run = await CliProcess.RunScriptAsync(Endless);
        CliResult json = await CliProcess.RunScriptAsync(Endless, "--json");

        Assert.Equal((4, ""), (run.ExitCode, run.Output));
        Assert.Equal(
            "VALIDATION_ERROR: the script was refused: 1 error\n" + check.Output.Replace("refused: 1 error\n", "", StringComparison.Ordinal), run.Error);
        JsonElement issues = JsonDocument.Parse(json.Output).RootElement.GetProperty("error").GetProperty("data").GetProperty("issues");
        Assert.Equal("FORBIDDEN_LOOP", issues[0].GetProperty("code").GetString());
        Assert.Equal("error", issues[0].GetProperty("severity").GetString());
    }

    [Theory]
    [InlineData("--no-check")]
    [InlineData("--preset", "permissive")]
    public async Task Run_can_hold_scripts_to_other_rules_or_none(params string[] options)
    {
        CliResult result = await CliProcess.RunScriptAsync(Endless, [.. options, "--json"]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(5, JsonDocument.Parse(result.Output).RootElement.GetProperty("value").GetArrayLength());
    }
}
