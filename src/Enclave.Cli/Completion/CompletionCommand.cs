using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Completion;

/// <summary><c>enclave completion</c>: prints the script with which a shell completes commands, options and their values.</summary>
internal static class CompletionCommand
{
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = $"The shell: {string.Join(", ", ShellScripts.Shells)}." };
        shell.CompletionSources.Add([.. ShellScripts.Shells]);
        var command = new Command(
            "completion", "Prints the script with which a shell completes commands, options and their values.") { OptionFactory.Files(shell) };
        command.SetAction((parsed) =>
        {
            string name = parsed.GetValue(shell)!;
            terminal.Output.WriteText(
                ShellScripts.Of(name) ?? throw new UsageException($"SHELL is \"{name}\"; it takes {string.Join(", ", ShellScripts.Shells)}."));
            return ExitCode.Success;
        });
        HelpExamples.Add(
            command,
            "source <(enclave completion bash)    # in ~/.bashrc",
            "source <(enclave completion zsh)     # in ~/.zshrc, after compinit",
            "enclave completion fish > ~/.config/fish/completions/enclave.fish");
        return command;
    }
}
