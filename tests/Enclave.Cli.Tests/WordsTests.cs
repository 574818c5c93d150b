using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>Errors for unknown words on the command line.</summary>
public sealed class WordsTests
{
    [Theory]
    [InlineData("there is no command runn. Did you mean run?", "runn", "x.js")]
    [InlineData("there is no command doc. Did you mean doctor?", "doc")]
    [InlineData("there is no command walk.\n", "walk")]
    [InlineData("enclave run has no option --bogus. A file of that name is ./--bogus.\n", "run", "--bogus")]
    [InlineData("enclave run has no option --bogus.", "run", "x.js", "--bogus")]
    [InlineData("enclave run has no option --leve. Did you mean --level?", "run", "x.js", "--leve", "strict")]
    [InlineData("enclave check has no option --jsno. Did you mean --json?", "check", "x.js", "--jsno")]
    [InlineData("enclave parse has no option --token. Did you mean --tokens?", "parse", "--token", "x.js")]
    [InlineData("enclave serve has no option --prot. Did you mean --port?", "serve", "--prot=1")]
    [InlineData("enclave serve takes no argument now.", "serve", "now")]
    [InlineData("enclave has no option --versoin. Did you mean --version?", "--versoin")]
    [InlineData("--port is \"99999\"; it takes a whole number from 0 to 65535.", "serve", "--port", "99999")]
    [InlineData("--port is \"-1\"; it takes a whole number from 0 to 65535.", "runtime", "--port", "-1")]
    [InlineData("--metrics-port is \"70000\"; it takes a whole number from 0 to 65535.", "serve", "--metrics-port", "70000")]
    [InlineData("--timeout is \"99h\"; it takes a time like 500ms, 5s or 2m, from 1ms to 24h.", "run", "-", "--timeout", "99h")]
    [InlineData("--timeout is \"0s\"; it takes a time like 500ms, 5s or 2m, from 1ms to 24h.", "run", "-", "--timeout", "0s")]
    [InlineData("--memory is \"1\"; it takes a size like 64MB or 1GB, from 8MB to 16GB.", "run", "-", "--memory", "1")]
    [InlineData("--max-iterations is \"0\"; it takes a whole number from 1 to 1000000000.", "run", "-", "--max-iterations", "0")]
    [InlineData("--workers is \"0\"; it takes a whole number from 1 to 256.", "serve", "--workers", "0")]
    [InlineData("/usr is a directory, and a file is needed.", "run", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "check", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "score", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "parse", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "replay", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "run", "--batch", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "run", "-", "--args", "@/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "run", "-", "--tools", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "serve", "--token-file", "/usr")]
    [InlineData("/usr is a directory, and a file is needed.", "serve", "--store-file", "/usr")]
    [InlineData("/usr is a directory", "serve", "--port", "0", "--openapi", "a=/usr")]
    [InlineData("--fail-on-error needs --batch", "run", "-", "--fail-on-error")]
    [InlineData("give --module or --body, not both.", "parse", "-", "--module", "--body")]
    [InlineData("SHELL is \"tcsh\"; it takes bash, zsh, fish.", "completion", "tcsh")]
    public async Task A_wrong_word_is_told_in_a_line_with_the_right_one(string words, params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(arguments);

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("enclave: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("..", result.Error.Replace("./--", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(result.Error.Split('\n').Length <= 3, result.Error);
    }

    /// <summary>Programs read lines, so errors are lines.</summary>
    [Theory]
    [InlineData("run", "-", "--json")]
    [InlineData("run", "-", "--stream")]
    [InlineData("check", "-", "--json")]
    [InlineData("score", "-", "--json")]
    [InlineData("parse", "-", "--json")]
    [InlineData("parse", "-", "--body", "--json", "--tokens")]
    [InlineData("parse", "-", "--body", "--json", "--scopes")]
    [InlineData("parse", "-", "--body", "--json", "--print")]
    [InlineData("doctor", "--json")]
    [InlineData("doctor", "--isolation", "--json")]
    [InlineData("run", "--batch", "-")]
    public async Task Json_ends_with_one_line_feed(params string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync("return 1", arguments);

        Assert.EndsWith("\n", result.Output, StringComparison.Ordinal);
        Assert.False(result.Output.EndsWith("\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parse_reads_a_body_as_run_does()
    {
        const string Body = "const rate = await callTool('rate'); return rate";

        Assert.Equal(4, (await CliProcess.RunAsync(Body, ["parse", "-"])).ExitCode);
        Assert.Equal(0, (await CliProcess.RunAsync(Body, ["parse", "-", "--body"])).ExitCode);
        // Read as strict code, as run does.
        Assert.Equal(4, (await CliProcess.RunAsync("with (a) { return 1 }", ["parse", "-", "--body"])).ExitCode);
        Assert.Equal(4, (await CliProcess.RunAsync("import a from 'a'; return a", ["parse", "-", "--body"])).ExitCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1, "--fail-on-error")]
    public async Task A_batch_with_a_failed_job_fails_where_that_is_asked_for(int code, params string[] options)
    {
        const string Jobs = "{\"id\": 1, \"code\": \"return 1\"}\n{\"id\": 2, \"code\": \"throw new Error('no')\"}\n";

        CliResult result = await CliProcess.RunAsync(Jobs, ["run", "--batch", "-", .. options]);

        Assert.Equal((code, 2), (result.ExitCode, result.Lines.Length));
        Assert.Equal(0, (await CliProcess.RunAsync(Jobs.Split('\n')[0], ["run", "--batch", "-", .. options])).ExitCode);
    }

    [Fact]
    public async Task A_refusals_sentences_have_one_full_stop_each()
    {
        // A message of the pre-scan is a sentence, followed by a hint.
        CliResult result = await CliProcess.RunScriptAsync(new string('(', 2_000) + "1" + new string(')', 2_000), "--json");

        Assert.Equal(4, result.ExitCode);
        Assert.DoesNotContain("..", result.Output.Replace("...", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(".:", result.Output, StringComparison.Ordinal);
    }
}
