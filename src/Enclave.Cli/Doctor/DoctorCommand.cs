using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Doctor.Isolation;
using Enclave.Cli.Doctor.Probes;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Doctor;

/// <summary><c>enclave doctor</c>: shows what this machine offers, and how to add what is missing.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as one JSON object." };
        var isolation = new Option<bool>("--isolation")
        {
            Description = "Start a worker at each level and show the state of each isolation layer, and how it was verified.",
        };
        Option<ScriptEngine?> engine = OptionFactory.Engine();
        var command = new Command("doctor", "Shows what this machine offers, and how to add what is missing.") { json, isolation, engine };
        command.SetAction((parsed, cancellationToken) =>
            parsed.GetValue(isolation)
                ? RunLevelsAsync(terminal, parsed.GetValue(engine) ?? default, parsed.GetValue(json), cancellationToken)
                : RunAsync(terminal, parsed.GetValue(engine) ?? default, parsed.GetValue(json), cancellationToken));
        HelpExamples.Add(command, "enclave doctor", "enclave doctor --isolation", "enclave doctor --engine portable",
            "enclave doctor --isolation --json | jq '.levels[] | {level, runs, tag}'",
            "enclave doctor --json | jq '.findings[] | select(.status != \"present\")'");
        return command;
    }

    /// <summary>Fails if scripts cannot run at STANDARD, the default level.</summary>
    private static async Task<int> RunLevelsAsync(Terminal terminal, ScriptEngine engine, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<LevelFinding> findings;
        try
        {
            findings = await LevelExamination.RunAsync(engine, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or PlatformNotSupportedException)
        {
            terminal.Error.WriteLine($"enclave: {fault.Message}", Ink.Error);
            return ExitCode.HostFailed;
        }

        var printer = new IsolationPrinter(terminal.Output);
        if (json) printer.PrintJson(findings);
        else printer.PrintText(findings);
        return findings.Any((finding) => finding.Report.Level == SecurityLevel.Standard && finding.Fault is null) ? ExitCode.Success : ExitCode.HostFailed;
    }

    private static async Task<int> RunAsync(Terminal terminal, ScriptEngine engine, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<Finding> findings = await Examination.RunAsync(engine, cancellationToken).ConfigureAwait(false);
        bool ready = findings.All((finding) => finding.Status != FindingStatus.Broken);
        var printer = new DoctorPrinter(terminal.Output);
        if (json) printer.PrintJson(findings, ready);
        else printer.PrintText(findings, ready);
        return ready ? ExitCode.Success : ExitCode.HostFailed;
    }
}
