using System.CommandLine;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Cli.Parse;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Replay;

/// <summary>Replays one recording and prints the report.</summary>
internal sealed class ReplayRun(Terminal terminal, bool json)
{
    public async Task<int> RunAsync(RecordingSource source, ParseResult parsed, CancellationToken cancellationToken)
    {
        ExecutionRecording recording = await source.ReadAsync(parsed, cancellationToken).ConfigureAwait(false);
        var host = new EnclaveHost(source.HostFor(recording, parsed));
        await using (host.ConfigureAwait(false))
        {
            ReplayReport report = await host.ReplayAsync(recording, cancellationToken).ConfigureAwait(false);
            foreach (string warning in report.Warnings) terminal.Error.WriteLine($"warning: {warning}", Ink.Warning);
            if (json) terminal.Output.WriteJson(Json(report));
            else Print(recording, report);
            if (report.Matches) return ExitCode.Success;
            // A failure of the machine is not a difference of the script.
            return ExitCode.For(report.Result) == ExitCode.HostFailed ? ExitCode.HostFailed : ExitCode.ScriptFailed;
        }
    }

    private void Print(ExecutionRecording recording, ReplayReport report)
    {
        if (report.Difference is not { } difference)
        {
            int lines = recording.Result.Stdout.AsSpan().Count('\n');
            string end = recording.Result.Error is { } error ? error.Code.ToCode() : $"the value {recording.Result.Value}";
            terminal.Output.WriteLine($"the same: {Plural.Of(recording.ToolCallCount, "tool call")}, {Plural.Of(lines, "line")} of console, {end}");
            return;
        }

        terminal.Output.WriteLine($"different: {difference.Place}{(difference.Path is { } path ? $", at {path}" : "")}", Ink.Error);
        terminal.Output.WriteLine($"  recorded: {difference.Recorded}");
        terminal.Output.WriteLine($"  replayed: {difference.Replayed}");
    }

    private static string Json(ReplayReport report) => ParseJson.Write((writer) =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("matches", report.Matches);
        if (report.Difference is { } difference) WriteDifference(writer, difference);
        writer.WriteStartArray("warnings");
        foreach (string warning in report.Warnings) writer.WriteStringValue(warning);
        writer.WriteEndArray();
        writer.WritePropertyName("result");
        report.Result.WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary>Writes the member <c>difference</c>.</summary>
    public static void WriteDifference(Utf8JsonWriter writer, ReplayDifference difference)
    {
        writer.WriteStartObject("difference");
        writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(difference.Kind.ToString()));
        writer.WriteString("place", difference.Place);
        writer.WriteNumber("number", difference.Number);
        if (difference.Path is { } path) writer.WriteString("path", path);
        writer.WriteString("recorded", difference.Recorded);
        writer.WriteString("replayed", difference.Replayed);
        if (difference.RecordedPart is { } recorded) writer.WriteString("recordedPart", recorded);
        if (difference.ReplayedPart is { } replayed) writer.WriteString("replayedPart", replayed);
        writer.WriteEndObject();
    }
}
