using System.Diagnostics;
using Enclave.Cli.Commands;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>enclave completion</c>, as the shells use it.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("enclave r", "run", "replay", "runtime")]
    [InlineData("enclave run --lev", "--level")]
    [InlineData("enclave run --level s", "strict", "secure", "standard")]
    [InlineData("enclave run --level=se", "--level=secure")]
    [InlineData("enclave serve --open", "--openapi", "--openapi-base", "--openapi-secret", "--openapi-refresh")]
    [InlineData("enclave completion ", "bash", "zsh", "fish")]
    [InlineData("enclave parse --edition ", "2025", "latest")]
    [InlineData("enclave run script", "")]
    public async Task The_command_knows_how_a_line_goes_on(string line, params string[] words)
    {
        CliResult result = await CliProcess.RunAsync($"[suggest:{line.Length}]", line);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        if (words is [""]) Assert.Equal("", result.Output);
        else Assert.Superset(words.ToHashSet(), result.Lines.ToHashSet());
    }

    [Theory]
    [InlineData("[suggest]")]
    [InlineData("[suggest:999999999]", "enclave run")]
    [InlineData("[suggest:99999999999999999999]", "enclave run \"")]
    [InlineData("[suggest:3]", "\\\"'--=")]
    [InlineData("[suggest]", "enclave run $(touch /tmp/enclave-completion-ran) --level=")]
    public async Task A_line_that_is_none_has_no_end_of_its_own(params string[] arguments)
    {
        Assert.Equal(0, (await CliProcess.RunAsync(arguments)).ExitCode);
    }

    /// <summary>bash without a terminal: the test sets its completion variables and calls its completion function.</summary>
    [Theory]
    [InlineData("enclave ru", "run runs runtime")]
    [InlineData("enclave run --max-t", "--max-tool-calls")]
    [InlineData("enclave run --level=st", "strict standard")]
    [InlineData("enclave run --level se", "secure")]
    [InlineData("enclave run fil", "")]
    [InlineData("enclave check --preset a", "agentscript")]
    public async Task Bash_completes(string line, string words)
    {
        string[] completed = await BashAsync(line);

        Assert.Equal(words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), completed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Zsh_completes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zsh"), "zsh is not installed");
        using var folder = new TemporaryFolder();
        // Replaces the functions of zsh's completion system: Tab would show the words that are passed to compadd.
        string script = folder.File("try.zsh", $$"""
            compdef() { :; }
            compadd() { shift; print -l -- "$@"; }
            _files() { print FILES; }
            {{Command(folder)}}
            source <(enclave completion zsh)
            words=(enclave run --max-t); CURRENT=3; _enclave
            words=(enclave run --level se); CURRENT=4; _enclave
            words=(enclave run fil); CURRENT=3; _enclave
            """);

        Assert.Equal("--max-tool-calls\nsecure\nFILES\n", await ShellAsync("zsh", script));
    }

    [Fact]
    public async Task Fish_completes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "fish is not installed");
        using var folder = new TemporaryFolder();
        _ = Command(folder);
        string script = folder.File("try.fish", $$"""
            set -x PATH {{folder.Path}} $PATH
            enclave completion fish | source
            complete -C'enclave run --max-t'
            complete -C'enclave run --level se'
            """);

        Assert.Equal("--max-tool-calls\nsecure\n", await ShellAsync("fish", script));
    }

    private static async Task<string[]> BashAsync(string line)
    {
        using var folder = new TemporaryFolder();
        string script = folder.File("try.bash", $$"""
            {{Command(folder)}}
            source <(enclave completion bash)
            COMP_LINE='{{line}}' COMP_POINT={{line.Length}}
            read -ra COMP_WORDS <<< "${COMP_LINE//=/ = }"
            [[ $COMP_LINE != *' ' ]] || COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            complete -p enclave >/dev/null || exit 3
            _enclave
            printf '%s\n' "${COMPREPLY[@]}"
            """);
        return (await ShellAsync("bash", script)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Installs the command where a shell finds it.</summary>
    private static string Command(TemporaryFolder folder)
    {
        string command = folder.File("enclave", $"#!/bin/sh\nexec dotnet '{CliProcess.Assembly}' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(command, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return $"export PATH='{folder.Path}':$PATH";
    }

    private static async Task<string> ShellAsync(string shell, string script)
    {
        using Process process = Process.Start(new ProcessStartInfo(shell, [script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync();
        Assert.Equal((0, ""), (process.ExitCode, await error));
        return output;
    }
}
