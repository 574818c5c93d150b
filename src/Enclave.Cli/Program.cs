using System.CommandLine;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using Enclave.Cli.Check;
using Enclave.Cli.Cluster;
using Enclave.Cli.Completion;
using Enclave.Cli.Doctor;
using Enclave.Cli.Health;
using Enclave.Cli.Migrate;
using Enclave.Cli.Parse;
using Enclave.Cli.Replay;
using Enclave.Cli.Run;
using Enclave.Cli.Runtime;
using Enclave.Cli.Score;
using Enclave.Cli.Serve;
using Enclave.Cli.Terminals;

namespace Enclave.Cli;

/// <summary>Puts the commands together and turns whatever ends them into an exit code.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        var terminal = Terminal.OfProcess();
        using var interrupt = new Interrupt();
        Command root = Commands(terminal, interrupt);
        // A '@' belongs to our own options (--args @file), not to response files.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null };
        if (Suggestions.TryWrite(args, root, parsing, terminal.Output)) return ExitCode.Success;
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args, parsing);
        if (parsed.Action is ParseErrorAction) return Refuse(terminal, parsed);
        try
        {
            // Signals are ours: the library's own handler would abandon running jobs after two seconds.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            int code = await parsed.InvokeAsync(configuration, interrupt.Token).ConfigureAwait(false);
            return args.Length == 0 ? ExitCode.Usage : code;
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            terminal.Fail("interrupted");
            return interrupt.ExitCode;
        }
        catch (ArgumentException fault)
        {
            terminal.Fail(fault.Message.Split(" (Parameter '", 2)[0]);
            return ExitCode.Usage;
        }
        catch (UsageException fault)
        {
            terminal.Fail(fault.Message);
            return ExitCode.Usage;
        }
        catch (Exception fault) when (fault is IOException or SocketException or PlatformNotSupportedException)
        {
            terminal.Fail(fault.Message);
            return ExitCode.HostFailed;
        }
    }

    private static Command Commands(Terminal terminal, Interrupt interrupt)
    {
        // Not a RootCommand, whose name would be the assembly's.
        var root = new Command("enclave", "Runs untrusted JavaScript in killable worker processes.")
        {
            new VersionOption { Action = new VersionAction() },
            RunCommand.Create(terminal, interrupt),
            ReplayCommand.Create(terminal, interrupt),
            CheckCommand.Create(terminal, interrupt),
            ScoreCommand.Create(terminal, interrupt),
            ParseCommand.Create(terminal, interrupt),
            ServeCommand.Create(terminal, interrupt),
            RuntimeCommand.Create(terminal, interrupt),
            ClusterCommand.Create(terminal, interrupt),
            MigrateCommand.Create(terminal, interrupt),
            HealthCommand.Create(terminal, interrupt),
            DoctorCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        HelpExamples.Add(
            root, "enclave run script.js", "echo 'return 6 * 7' | enclave run -", "enclave run --batch jobs.jsonl > results.jsonl", "enclave check script.js", "enclave doctor");
        return root;
    }

    private static int Refuse(Terminal terminal, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        // An unknown word explains the other errors: an unknown command has no missing argument.
        string[] unknown = [.. parsed.UnmatchedTokens.Take(1).Select((word) => word.StartsWith('-') ? UnknownWord.Option(word, command) : command.Subcommands.Count > 0 ? UnknownWord.Command(word, command) : $"{UnknownWord.CommandName(command)} takes no argument {word}.")];
        foreach (string message in unknown.Length > 0 ? unknown : parsed.Errors.Select((error) => error.Message).Distinct()) terminal.Fail(message);
        terminal.Error.WriteLine($"{UnknownWord.CommandName(command)} --help shows the options and examples.");
        return ExitCode.Usage;
    }
}
