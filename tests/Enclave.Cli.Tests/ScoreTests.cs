using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave score</c>.</summary>
public sealed class ScoreTests
{
    private const string Sender = "const users = await callTool('users:list', {});\nawait callTool('email:send', { body: users });\n";

    [Fact]
    public async Task A_score_has_its_reasons_with_their_places()
    {
        CliResult result = await CliProcess.RunAsync(Sender, ["score", "-"]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("stdin: score 50 of 100, risk medium", result.Lines[0]);
        Assert.StartsWith("stdin:2:6: +50 list-send-pattern: ", result.Lines[1], StringComparison.Ordinal);
        Assert.Equal("    await callTool('email:send', { body: users });", result.Lines[2]);
        Assert.StartsWith("          ^^^", result.Lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_is_one_object_for_each_file()
    {
        using var folder = new TemporaryFolder();
        string sender = folder.File("sender.js", Sender),
            plain = folder.File("plain.js", "return 1"), broken = folder.File("broken.js", "let x = "), missing = Path.Combine(folder.Path, "none.js");

        CliResult one = await CliProcess.RunAsync("score", sender, "--json");
        CliResult many = await CliProcess.RunAsync("score", plain, broken, missing, "--json");

        JsonElement json = JsonDocument.Parse(Assert.Single(one.Lines)).RootElement;
        Assert.Equal(["file", "scored", "score", "risk", "signals"], json.EnumerateObject().Select((member) => member.Name));
        Assert.Equal((50, "medium"), (json.GetProperty("score").GetInt32(), json.GetProperty("risk").GetString()));
        JsonElement signal = json.GetProperty("signals")[0];
        Assert.Equal(["id", "name", "score", "level", "description", "location", "context"], signal.EnumerateObject().Select((member) => member.Name));
        Assert.Equal(2, signal.GetProperty("location").GetProperty("line").GetInt32());
        Assert.Equal((2, 3), (many.ExitCode, many.Lines.Length));
        Assert.Equal($"{{\"file\":\"{plain}\",\"scored\":true,\"score\":0,\"risk\":\"none\",\"signals\":[]}}", many.Lines[0]);
        Assert.StartsWith($"{{\"file\":\"{broken}\",\"scored\":false,\"reason\":\"the text is not a program: ", many.Lines[1], StringComparison.Ordinal);
        Assert.StartsWith($"{{\"file\":\"{missing}\",\"error\":", many.Lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sender.js", null, "score 50 of 100")]
    [InlineData("sender.ts", null, "score 50 of 100")]
    [InlineData("sender.js", "typescript", "score 50 of 100")]
    [InlineData("sender.ts", "either", "score 50 of 100")]
    [InlineData("sender.ts", "javascript", "no score: the text is not a program")]
    public async Task Typed_scripts_are_scored_as_runs_read_them(string name, string? language, string words)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File(name, "type User = { mail: string };\n" + Sender.Replace("users =", "users: User[] =", StringComparison.Ordinal));

        CliResult result = await CliProcess.RunAsync(["score", file, .. language is null ? (string[])[] : ["--language", language]]);

        Assert.Contains(words, result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_typed_file_is_not_read_as_comparisons()
    {
        const string typed = "const users = await callTool<User>('users:list', {});\nawait callTool<void>('email:send', { body: users });\n";
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunAsync("score", folder.File("sender.ts", typed));

        Assert.Contains("score 50 of 100", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "score", "-")]
    [InlineData(2, "score")]
    [InlineData(2, "score", "/nowhere/script.js")]
    [InlineData(2, "score", "-", "-")]
    public async Task A_call_without_a_score_is_an_error(int code, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync("let x = ", arguments);

        Assert.Equal((code, ""), (result.ExitCode, result.Output));
        Assert.NotEqual("", result.Error);
    }
}
