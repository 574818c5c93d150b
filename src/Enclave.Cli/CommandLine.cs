using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using Enclave.Cli.Commands;
using Enclave.Cli.Completion;
using Enclave.Cli.Terminals;
using Enclave.Limits;
using Enclave.Tenants;

namespace Enclave.Cli;

/// <summary>Runs the command that the arguments name, and maps every end to an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(Func<Terminal, Interrupt, Command> commands, string[] args)
    {
        var terminal = Terminal.OfProcess();
        using var interrupt = new Interrupt();
        Command root = commands(terminal, interrupt);
        // A '@' belongs to our own options (--args @file), and does not name a response file.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null };
        if (Suggestions.TryWrite(args, root, parsing, terminal.Output)) return ExitCode.Success;
        // Without arguments, a program that only has commands lists them.
        bool hasNothingToDo = args.Length == 0 && root.Action is null;
        ParseResult parsed = root.Parse(hasNothingToDo ? ["--help"] : args, parsing);
        if (parsed.Action is ParseErrorAction) return Refuse(terminal, parsed);
        try
        {
            // We handle signals ourselves: the library would abandon running jobs after two seconds.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            int code = await parsed.InvokeAsync(configuration, interrupt.Token).ConfigureAwait(false);
            return hasNothingToDo ? ExitCode.Usage : code;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            terminal.Fail("interrupted");
            return interrupt.ExitCode;
        }
        catch (ArgumentException fault)
        {
            terminal.Fail(OptionFaults.TextOf(fault));
            return ExitCode.Usage;
        }
        catch (UsageException fault)
        {
            terminal.Fail(fault.Message);
            return ExitCode.Usage;
        }
        catch (SavedScriptException fault)
        {
            terminal.Fail(fault.Message);
            return ExitCode.For(fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or SocketException or PlatformNotSupportedException)
        {
            terminal.Fail(fault.Message);
            return ExitCode.HostFailed;
        }
    }

    private static int Refuse(Terminal terminal, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        // An unknown word explains the other errors: for an unknown command, a missing argument is not worth reporting.
        string[] unknown = [.. parsed.UnmatchedTokens.Take(1).Select((word) => word.StartsWith('-')
            ? UnknownWord.Option(word, command)
            : command.Subcommands.Count > 0 ? UnknownWord.Command(word, command) : $"{UnknownWord.CommandName(command)} takes no argument {word}.")];
        foreach (string message in unknown.Length > 0 ? unknown : parsed.Errors.Select((error) => error.Message).Distinct()) terminal.Fail(message);
        terminal.Error.WriteLine($"{UnknownWord.CommandName(command)} --help shows the options and examples.");
        return ExitCode.Usage;
    }
}
