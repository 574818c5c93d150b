using System.Globalization;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Cli.Parse;
using Enclave.Cli.Terminals;
using Enclave.Journals;

namespace Enclave.Cli.Run;

/// <summary>Prints durable runs, as text and as JSON.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="json">True for JSON.</param>
internal sealed class DurableRunPrinter(Terminal terminal, bool json)
{
    /// <summary>One line for each run.</summary>
    public void PrintList(IReadOnlyList<DurableRun> runs)
    {
        foreach (DurableRun run in runs)
        {
            if (json) terminal.Output.WriteJson(ParseJson.Write((writer) => Write(writer, run, [])));
            else
            {
                string tenant = run.Tenant is null ? "" : $"\ttenant {run.Tenant}";
                terminal.Output.WriteLine($"{run.Name}\t{StateOf(run)}\t{Time(run.Changed)}\t{WaitsOf(run)}{tenant}");
            }
        }

        if (!json && runs.Count == 0) terminal.Error.WriteLine("no durable runs");
    }

    /// <summary>One run with its history.</summary>
    public void Print(DurableRun run, IReadOnlyList<ExecutionEvent> history)
    {
        if (json)
        {
            terminal.Output.WriteJson(ParseJson.Write((writer) => Write(writer, run, history)));
            return;
        }

        terminal.Output.WriteLine($"{run.Name}: {StateOf(run)}; started {Time(run.Created)}, changed {Time(run.Changed)}");
        foreach (ExecutionEvent happened in history)
        {
            terminal.Output.WriteLine(happened switch
            {
                ToolCallEvent call => $"  {Time(call.Time)}  {call.CallId} {call.Name} {call.Args}",
                ToolResultEvent { Error: { } error } answer => $"  {answer.CallId} failed: {error.Message}",
                ToolResultEvent answer => $"  {answer.CallId} → {answer.Value}",
                ConsoleEvent line => $"  console: {line.Text}",
                NoticeEvent notice => $"  {Describe(notice)}",
                _ => $"  {happened.Type}",
            });
        }

        foreach (DurableWait wait in run.Waits) terminal.Output.WriteLine($"  waits: {Describe(wait)}");
        if (run.Result is { } result)
            terminal.Output.WriteLine(result.Error is { } failed ? $"  {failed.Code.ToCode()}: {failed.Message}" : $"  value: {result.Value}");
    }

    /// <summary>Prints the result of a run, or what it waits for. Returns the exit code.</summary>
    /// <param name="run">The run as it was left.</param>
    /// <param name="results">Prints the result.</param>
    public int Conclude(DurableRun run, ResultPrinter results)
    {
        if (run.Result is { } result)
        {
            results.Print(result);
            return ExitCode.For(result);
        }

        if (json) terminal.Output.WriteJson(ParseJson.Write((writer) => Write(writer, run, [])));
        else if (run.State == DurableRunState.Compensating) terminal.Error.WriteLine($"{run.Name} waits for a host whose tools undo its calls");
        else terminal.Error.WriteLine($"{run.Name} was put aside: {WaitsOf(run)}");
        return ExitCode.Suspended;
    }

    private static string StateOf(DurableRun run) => run.State switch
    {
        DurableRunState.Ended => $"ended {run.Outcome}",
        DurableRunState.Compensating => $"compensating {run.Outcome}",
        DurableRunState.Suspended => "suspended",
        _ => "running",
    };

    private static string WaitsOf(DurableRun run) => run.Waits.Count > 0
        ? string.Join("; ", run.Waits.Select(Describe))
        : run.State == DurableRunState.Suspended ? $"due {(run.Due is not { } due ? "never" : due > StoredRun.Always ? Time(due) : "now")}" : "";

    private static string Describe(NoticeEvent notice) => notice.Kind switch
    {
        NoticeKind.ToolChanged => $"{Time(notice.Time)}  {notice.Name} has another schema than at the start",
        NoticeKind.Forked => $"{Time(notice.Time)}  forked from {notice.Name}",
        NoticeKind.Compensating => $"{Time(notice.Time)}  {notice.CallId} {notice.Name} is undone",
        NoticeKind.Compensated => $"{notice.CallId} was undone",
        NoticeKind.CompensationFailed => $"{notice.CallId} was not undone: {notice.Message}",
        _ => $"{notice.CallId} may be undone or not: {notice.Message}",
    };

    private static string Describe(DurableWait wait)
    {
        string until = wait.Until is { } time ? $" until {Time(time)}" : "";
        return wait.Kind switch
        {
            WaitKind.Time => $"{wait.CallId} sleeps{until}",
            WaitKind.Signal => $"{wait.CallId} waits for {wait.Name}{until} (token {wait.Token})",
            WaitKind.Tool => $"{wait.CallId} waits for the answer of {wait.Name}{until} (token {wait.Token})",
            _ => $"{wait.CallId} waits for the approval of {wait.Name} (token {wait.Token})",
        };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void Write(Utf8JsonWriter writer, DurableRun run, IReadOnlyList<ExecutionEvent> history)
    {
        writer.WriteStartObject();
        writer.WriteString("name", run.Name);
        if (run.Tenant is not null) writer.WriteString("tenant", run.Tenant);
        writer.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(run.State.ToString()));
        writer.WriteString("created", run.Created);
        writer.WriteString("changed", run.Changed);
        if (run.Due is { } due && due > StoredRun.Always) writer.WriteString("due", due);
        writer.WriteNumber("entries", run.Entries);
        writer.WriteNumber("bytes", run.Bytes);
        if (run.Outcome is not null) writer.WriteString("outcome", run.Outcome);
        writer.WriteStartArray("waits");
        foreach (DurableWait wait in run.Waits)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(wait.Kind.ToString()));
            writer.WriteString("name", wait.Name);
            if (wait.Token.Length > 0) writer.WriteString("token", wait.Token);
            if (wait.Until is { } until) writer.WriteString("until", until);
            writer.WriteString("callId", wait.CallId);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (history.Count > 0)
        {
            writer.WriteStartArray("history");
            foreach (ExecutionEvent happened in history) writer.WriteRawValue(happened.ToJsonString());
            writer.WriteEndArray();
        }

        if (run.Result is { } result)
        {
            writer.WritePropertyName("result");
            result.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
