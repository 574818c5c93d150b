using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Terminals;
using Enclave.Configuration;

namespace Enclave.Cli.Health;

/// <summary>The options of <c>enclave health</c>.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(3);

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var address = new Argument<string>("URL")
        {
            Description = "The health address of a broker or a runtime, as http://127.0.0.1:3001/health; /health/live only checks that the process responds.",
        };
        Option<TimeSpan?> timeout = OptionFactory.Value<TimeSpan>(
            "--timeout", "TIME",
            "Longest wait for the answer: 500ms, 5s; a bare number is seconds. Range: up to 5m. Default: 3s.", $"{Durations.Form}, above 0 and up to 5m",
            (string text, out TimeSpan time) =>
                Durations.TryParse(text, bareUnitMilliseconds: 1000, out time) && time > TimeSpan.Zero && time <= TimeSpan.FromMinutes(5));
        var json = new Option<bool>("--json") { Description = "Print one JSON object: address, well, status, answer, message." };
        var command = new Command("health", "Checks whether a broker or a runtime is healthy, for health checks without curl.") { address, timeout, json };
        command.SetAction((parsed, _) => new HealthCheck(terminal).RunAsync(Address(parsed.GetValue(address)!),
            parsed.GetValue(timeout) ?? s_timeout, parsed.GetValue(json) ? HealthForm.Json : HealthForm.Text, interrupt.Token));
        HelpExamples.Add(
            command,
            "enclave health http://127.0.0.1:3001/health",
            "enclave health http://127.0.0.1:3000/health --timeout 1s; echo $?    # 0 well, 1 not, 2 no address",
            "enclave health http://127.0.0.1:3000/health/live --json");
        return command;
    }

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https"
        ? address
        : throw new UsageException($"URL is \"{text}\"; it takes an address such as http://127.0.0.1:3001/health.");
}
