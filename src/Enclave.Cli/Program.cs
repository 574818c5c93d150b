using System.CommandLine;
using Enclave.Cli.Check;
using Enclave.Cli.Commands;
using Enclave.Cli.Completion;
using Enclave.Cli.Doctor;
using Enclave.Cli.Explain;
using Enclave.Cli.Health;
using Enclave.Cli.Mcp;
using Enclave.Cli.Migrate;
using Enclave.Cli.Parse;
using Enclave.Cli.Replay;
using Enclave.Cli.Run;
using Enclave.Cli.Runs;
using Enclave.Cli.Runtime;
using Enclave.Cli.Saved;
using Enclave.Cli.Schedules;
using Enclave.Cli.Score;
using Enclave.Cli.Serve;
using Enclave.Cli.Tenants;
using Enclave.Cli.Terminals;
using Enclave.Linux;

namespace Enclave.Cli;

/// <summary>Assembles the commands.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        // Call this before .NET handles the signal of its first child, on this thread, which waits for the command's end.
        if (OperatingSystem.IsLinux()) ChildSignals.PutInOrder();
        return CommandLine.RunAsync(Commands, args);
    }

    private static Command Commands(Terminal terminal, Interrupt interrupt)
    {
        // Not a RootCommand, whose name would be that of the assembly.
        var root = new Command("enclave", "Runs untrusted JavaScript in killable worker processes.")
        {
            new VersionOption { Action = new VersionAction() },
            RunCommand.Create(terminal, interrupt),
            RunsCommand.Create(terminal, interrupt),
            ScriptsCommand.Create(terminal, interrupt),
            SchedulesCommand.Create(terminal, interrupt),
            ReplayCommand.Create(terminal, interrupt),
            ExplainCommand.Create(terminal, interrupt),
            CheckCommand.Create(terminal, interrupt),
            ScoreCommand.Create(terminal, interrupt),
            ParseCommand.Create(terminal, interrupt),
            ServeCommand.Create(terminal, interrupt),
            RuntimeCommand.Create(terminal, interrupt),
            McpCommandLine.Create(terminal, interrupt),
            McpCommandLine.CreatePrompt(terminal, interrupt),
            UsageCommand.Create(terminal),
            TenantsCommand.Create(terminal, interrupt),
            MigrateCommand.Create(terminal, interrupt),
            HealthCommand.Create(terminal, interrupt),
            DoctorCommand.Create(terminal),
            CompletionCommand.Create(terminal),
        };
        HelpExamples.Add(
            root, "enclave run script.js",
            "echo 'return 6 * 7' | enclave run -", "enclave run --batch jobs.jsonl > results.jsonl", "enclave check script.js", "enclave doctor");
        return root;
    }
}
