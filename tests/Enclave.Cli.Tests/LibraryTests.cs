using System.Security.Cryptography;
using System.Text;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>--library</c>: files that scripts find as globals.</summary>
public sealed class LibraryTests
{
    private const string Source = "exports.twice = (n) => n * 2; exports.roll = () => Math.random()";

    [Fact]
    public async Task A_script_finds_the_file_as_a_global()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("lib.js", Source), hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Source)));

        CliResult plain = await CliProcess.RunScriptAsync("return lib.twice(21)", "--library", $"lib={file}");
        CliResult hashed = await CliProcess.RunScriptAsync(
            "return lib.twice(other.twice(1))", "--library", $"lib={file}#sha256={hash}", "--library", $"other={file}");

        Assert.Equal((0, "42\n", ""), (plain.ExitCode, plain.Output, plain.Error));
        Assert.Equal((0, "4\n", ""), (hashed.ExitCode, hashed.Output, hashed.Error));
    }

    [Fact]
    public async Task A_batch_and_what_only_judges_in_it_know_the_name()
    {
        using var folder = new TemporaryFolder();
        string jobs = folder.File(
            "jobs.jsonl", "{\"id\": 1, \"code\": \"return lib.twice(4)\"}\n{\"id\": 2, \"op\": \"validate\", \"code\": \"return lib.twice(4)\"}\n");

        CliResult result = await CliProcess.RunAsync(
            "run", "--batch", jobs, "--fail-on-error", "--workers", "1", "--library", $"lib={folder.File("lib.js", Source)}");

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("\"value\":8", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replay_has_to_have_the_recorded_ones()
    {
        using var folder = new TemporaryFolder();
        string recording = Path.Combine(folder.Path, "r.json"), file = folder.File("lib.js", Source);
        await CliProcess.RunScriptAsync("return lib.roll()", "--library", $"lib={file}", "--record", recording);

        CliResult same = await CliProcess.RunAsync("replay", recording, "--library", $"lib={file}");
        CliResult without = await CliProcess.RunAsync("replay", recording);

        Assert.True(same.ExitCode == 0, same.Error);
        Assert.Equal(2, without.ExitCode);
        Assert.Contains("with the library lib, which this host does not have", without.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lib", "it must be NAME=FILE")]
    [InlineData("=lib.js", "it must be NAME=FILE")]
    [InlineData("lib=/does/not/exist.js", "/does/not/exist.js")]
    [InlineData("lib=/", "is a directory")]
    [InlineData("let=FILE", "reserved word")]
    [InlineData("lib=FILE#sha256=00", "another file")]
    public async Task A_wrong_library_is_refused(string definition, string words)
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunScriptAsync(
            "return 1", "--library", definition.Replace("FILE", folder.File("lib.js", Source), StringComparison.Ordinal));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_cannot_be_evaluated_is_named_and_the_host_failed()
    {
        using var folder = new TemporaryFolder();

        CliResult result = await CliProcess.RunScriptAsync("return 1", "--library", $"lib={folder.File("lib.js", "\ndocument.body")}");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("LIBRARY_FAILED", result.Error, StringComparison.Ordinal);
        Assert.Contains("library lib: ReferenceError: document is not defined\n    at library:lib:2:1", result.Error, StringComparison.Ordinal);
    }
}
