using System.CommandLine;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Doctor;

/// <summary><c>enclave doctor</c>: what this machine offers, and what to do about the rest.</summary>
internal static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as one JSON object." };
        var command = new Command("doctor", "Shows what this machine offers, and what to do about what is missing.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(terminal, parsed.GetValue(json), cancellationToken));
        HelpExamples.Add(command, "enclave doctor", "enclave doctor --json | jq '.findings[] | select(.status != \"present\")'");
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<Finding> findings = await Examination.RunAsync(cancellationToken).ConfigureAwait(false);
        bool ready = findings.All((finding) => finding.Status != FindingStatus.Broken);
        var printer = new DoctorPrinter(terminal.Output);
        if (json) printer.PrintJson(findings, ready);
        else printer.PrintText(findings, ready);
        return ready ? ExitCode.Success : ExitCode.HostFailed;
    }
}
