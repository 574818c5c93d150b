using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Parse;
using Enclave.Cli.Terminals;
using Enclave.Fetch;

namespace Enclave.Cli.Replay;

/// <summary>Replays one recording and prints the report.</summary>
internal sealed class ReplayRun(Terminal terminal, bool json)
{
    private const string NoOrigin = "https://replay.invalid";

    public async Task<int> RunAsync(
        Func<CancellationToken, Task<ExecutionRecording>> read, ScriptEngine? engine, IReadOnlyCollection<IsolationLayer> allowDegraded,
        IReadOnlyList<Library> libraries, CancellationToken cancellationToken)
    {
        ExecutionRecording recording = await read(cancellationToken).ConfigureAwait(false);
        var settings = new HostSettings
        {
            Level = recording.SecurityLevel,
            Validate = recording.Validate,
            Limits = new LimitSettings { Preset = recording.Preset, MemoryLimit = recording.Options.MemoryLimit, Engine = engine },
            AllowDegradedIsolation = allowDegraded,
            Libraries = libraries,
            // The answers of its requests are in the recording: nothing is asked.
            Fetch = recording.Libraries.ContainsKey(FetchTool.Name) ? new FetchOptions { Origins = [new FetchOrigin { Origin = NoOrigin }] } : null,
        };
        var host = new EnclaveHost(settings.ToOptions(recording.SecurityLevel, tools: null));
        await using (host.ConfigureAwait(false))
        {
            ReplayReport report = await host.ReplayAsync(recording, cancellationToken).ConfigureAwait(false);
            foreach (string warning in report.Warnings) terminal.Error.WriteLine($"warning: {warning}", Ink.Warning);
            if (json) terminal.Output.WriteJson(Json(report));
            else Print(recording, report);
            if (report.Matches) return ExitCode.Success;
            // A machine that cannot run the script says nothing about the script.
            return ExitCode.For(report.Result) == ExitCode.HostFailed ? ExitCode.HostFailed : ExitCode.ScriptFailed;
        }
    }

    public static async Task<ExecutionRecording> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            Stream input = TextFile.Open(file);
            await using (input.ConfigureAwait(false))
            {
                // A read of standard input cannot be cancelled, only abandoned.
                return await ExecutionRecording.LoadAsync(input, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UsageException(
                Directory.Exists(file) ? FileFault.Of(file, fault) : $"{TextFile.NameOf(file)}: {fault.Message}");
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
        writer.WriteEndObject();
    }
}
