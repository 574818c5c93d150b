using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave run --record</c> and <c>enclave replay</c>.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Code = "console.log('dice', Math.random()); const r = await callTool('date', { zone: 'UTC' }); return { r, at: Date.now() }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recorded_run_replays_without_its_tools()
    {
        string file = await RecordAsync(Code, "--tool", "date=date +%s%N");

        CliResult result = await CliProcess.RunAsync("replay", file);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("the same: 1 tool call, 1 line of console, the value {", result.Output, StringComparison.Ordinal);
        Assert.True(OperatingSystem.IsLinux() && File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), "others may read it");
    }

    [Fact]
    public async Task A_changed_recording_is_told_by_its_first_difference()
    {
        string file = await RecordAsync("const r = await callTool('t', { n: 1 }); return r + 1", "--tool", "t=echo 41");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"value\": 41", "\"value\": 40", StringComparison.Ordinal));

        CliResult result = await CliProcess.RunAsync("replay", file), json = await CliProcess.RunAsync("replay", file, "--json");

        Assert.Equal((1, "different: value, at $\n  recorded: 42\n  replayed: 41\n", ""), (result.ExitCode, result.Output, result.Error));
        using JsonDocument report = JsonDocument.Parse(json.Output);
        Assert.Equal(1, json.ExitCode);
        Assert.False(report.RootElement.GetProperty("matches").GetBoolean());
        Assert.Equal(("value", "42"), (report.RootElement.GetProperty("difference").GetProperty("kind").GetString(),
            report.RootElement.GetProperty("difference").GetProperty("recorded").GetString()));
        Assert.Equal(41, report.RootElement.GetProperty("result").GetProperty("value").GetInt32());
    }

    [Fact]
    public async Task Level_rules_and_failure_come_from_the_recording()
    {
        string file = await RecordAsync(
            "function f() { throw new TypeError('no') } f()", "--level", "secure", "--no-check", "--allow-degraded-isolation", "all");

        CliResult result = await CliProcess.RunAsync("replay", file, "--allow-degraded-isolation", "all");

        Assert.Equal((0, "the same: 0 tool calls, 0 lines of console, RUNTIME_ERROR\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task A_failed_run_is_kept_and_replayed_by_its_id()
    {
        string script = _folder.File("fails.js", "const r = await callTool('t', {}); throw new Error('dice ' + Math.random())");
        string good = _folder.File("works.js", "return 1");
        string[] keep = ["--keep-recordings", "on-failure", "--store", Path.Combine(_folder.Path, "kept")];

        CliResult failed = await CliProcess.RunAsync(["run", script, "--preset", "javascript", "--tool", "t=echo 41", .. keep]);
        CliResult worked = await CliProcess.RunAsync(["run", good, .. keep]);
        string id = failed.Error.Split('\n').Single((line) => line.StartsWith("recording kept: ", StringComparison.Ordinal))["recording kept: ".Length..];
        CliResult replayed = await CliProcess.RunAsync("replay", id, "--store", keep[^1]);
        CliResult unknown = await CliProcess.RunAsync("replay", "none", "--store", keep[^1]);

        Assert.Equal(1, failed.ExitCode);
        Assert.Equal((0, "1\n"), (worked.ExitCode, worked.Output));
        Assert.DoesNotContain("recording kept", worked.Error, StringComparison.Ordinal);
        Assert.Equal((0, "the same: 1 tool call, 0 lines of console, RUNTIME_ERROR\n", ""), (replayed.ExitCode, replayed.Output, replayed.Error));
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("has no recording of a run none", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_run_is_explained_by_its_id()
    {
        string script = _folder.File("fails.js", "const r = await callTool('t', {});\nconsole.log('got', r);\nreturn r.a.b;");
        string store = Path.Combine(_folder.Path, "explained");
        CliResult failed = await CliProcess.RunAsync(
            "run", script, "--preset", "javascript", "--tool", "t=echo '{}'", "--keep-recordings", "on-failure", "--store", store, "--json");
        string id = JsonDocument.Parse(failed.Output).RootElement.GetProperty("runId").GetString()!;

        CliResult text = await CliProcess.RunAsync("explain", id, "--store", store);
        CliResult json = await CliProcess.RunAsync("explain", id, "--store", store, "--json");
        CliResult unknown = await CliProcess.RunAsync("explain", "none", "--store", store);

        Assert.Contains($"recording kept: {id}", failed.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Contains("line 3\n    return r.a.b;\n      r    {}\n      r.a  undefined\n", text.Output, StringComparison.Ordinal);
        Assert.Contains("          calls t\n", text.Output, StringComparison.Ordinal);
        using JsonDocument explained = JsonDocument.Parse(json.Output);
        JsonElement root = explained.RootElement;
        Assert.Equal((3, "return r.a.b;"), (root.GetProperty("line").GetInt32(), root.GetProperty("statement").GetString()));
        Assert.Equal("""{"r":"{}","r.a":"undefined"}""", root.GetProperty("values").GetRawText());
        Assert.Equal([1, 2, 3], root.GetProperty("steps").EnumerateArray().Select((step) => step.GetProperty("line").GetInt32()));
        Assert.Equal(["call", "answer", "console", "end"], root.GetProperty("timeline").EnumerateArray().Select((one) => one.GetProperty("kind").GetString()));
        Assert.Equal("TypeError", root.GetProperty("error").GetProperty("name").GetString());
        Assert.Equal(2, unknown.ExitCode);
    }

    /// <summary>JSON's reader puts all that follows a wrong literal into its message.</summary>
    [Theory]
    [InlineData("token = hunter2-in-a-file\u001b[2J\n")]
    [InlineData("fetch('x', 'hunter2')")]
    [InlineData("null-and-hunter2")]
    [InlineData("-hunter2")]
    [InlineData("\"hunter2\"")]
    [InlineData("{ \"user\": \"hunter2\" }")]
    public async Task A_file_that_is_no_recording_is_not_shown(string text)
    {
        string file = _folder.File("wrong.json", text);

        CliResult result = await CliProcess.RunAsync("replay", file);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("This is not a recording: it", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Names of members are the file's as well.</summary>
    [Fact]
    public async Task A_long_name_in_a_file_is_cut()
    {
        string file = _folder.File("wrong.json", $"{{ \"enclaveRecording\": 1, \"{new string('n', 100_000)}\\u001b[2J\": 1 }}");

        CliResult result = await CliProcess.RunAsync("replay", file);

        Assert.Equal(2, result.ExitCode);
        Assert.True(result.Error.Length < 1_000 && !result.Error.Contains('\u001b', StringComparison.Ordinal), $"{result.Error.Length} characters");
    }

    [Fact]
    public async Task Another_engine_is_a_warning()
    {
        string file = await RecordAsync("return 1");
        string json = File.ReadAllText(file);
        int at = json.IndexOf("\"engine\": \"", StringComparison.Ordinal) + 11;

        CliResult result = await CliProcess.RunAsync(json[..at] + "9" + json[(at + 1)..], ["replay", "-"]);

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("warning: the recording was made with V8 9", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "first member is not enclaveRecording")]
    [InlineData("{\"enclaveRecording\": 7}", "has version 7")]
    [InlineData("", "This is not a recording")]
    public async Task A_file_that_is_no_recording_is_a_usage_error(string text, string message)
    {
        CliResult result = await CliProcess.RunAsync("replay", _folder.File("broken.json", text));

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task A_file_that_is_not_there_or_cannot_be_written_is_a_usage_error()
    {
        CliResult missing = await CliProcess.RunAsync("replay", Path.Combine(_folder.Path, "none.json"));
        CliResult nowhere = await CliProcess.RunScriptAsync("return 1", "--record", Path.Combine(_folder.Path, "none", "a.json"));
        CliResult batch = await CliProcess.RunAsync("run", "--batch", "-", "--record", "a.json");

        Assert.Equal((2, 2, 2), (missing.ExitCode, nowhere.ExitCode, batch.ExitCode));
        Assert.Contains("--record: ", nowhere.Error, StringComparison.Ordinal);
        Assert.Contains("not for --batch", batch.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_no_host_has_is_a_usage_error()
    {
        string file = await RecordAsync("return 1");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"memoryBytes\": 67108864", "\"memoryBytes\": 99999999999999", StringComparison.Ordinal));

        CliResult result = await CliProcess.RunAsync("replay", file);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("99999999999999", result.Error, StringComparison.Ordinal);
    }

    private async Task<string> RecordAsync(string code, params string[] options)
    {
        string file = Path.Combine(_folder.Path, "run.recording.json");
        await CliProcess.RunScriptAsync(code, ["--record", file, .. options]);
        Assert.True(File.Exists(file), "the run left no recording");
        return file;
    }
}
