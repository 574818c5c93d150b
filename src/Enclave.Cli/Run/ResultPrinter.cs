using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Enclave.Cli.Check;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Cli.Run;

/// <summary>Prints a script's console, and its value or failure.</summary>
/// <param name="terminal">The terminal to print to.</param>
/// <param name="json">True to print the result as one JSON object.</param>
/// <param name="name">The script's name.</param>
/// <param name="code">The script.</param>
internal sealed class ResultPrinter(Terminal terminal, bool json, string name, string code)
{
    // UTF-8 in JSON, not HTML: text stays readable, as from JSON.stringify.
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void PrintConsole(ConsoleLine line)
    {
        bool complains = line.Level is ConsoleLevel.Warn or ConsoleLevel.Error;
        Ink ink = line.Level switch
        {
            ConsoleLevel.Warn => Ink.Warning,
            ConsoleLevel.Error => Ink.Error,
            ConsoleLevel.Debug => Ink.Faint,
            _ => Ink.Plain,
        };
        // With --json, standard output is only one JSON object.
        (complains || json ? terminal.Error : terminal.Output).WriteLine(line.Text, ink);
    }

    public void Print(ExecutionResult result)
    {
        if (json) terminal.Output.WriteJson(result.ToJsonString());
        else if (result.Error is { } error) PrintError(error);
        else PrintValue(result.Value);
    }

    /// <summary>Prints why a model's answer has no program, as the result of a run that was refused.</summary>
    public void PrintRefused(GuardIssue issue) => Print(new ExecutionResult
    {
        Value = ScriptValue.Undefined,
        Error = Refusal.Of(new ValidationResult(false, [issue])),
        Stdout = "",
        Stats = new ExecutionStats(),
    });

    private void PrintValue(ScriptValue value)
    {
        if (value.Kind == ScriptValueKind.Undefined) return;
        if (value.Kind == ScriptValueKind.String) terminal.Output.WriteText(value.AsString());
        else terminal.Output.WriteJson(Indented(value));
    }

    private void PrintError(ExecutionError error)
    {
        if (error.Data?.GetValueOrDefault("issues") is IReadOnlyCollection<GuardIssue> issues)
        {
            PrintRefusal(error.Code, issues);
            if (Hints.For(error) is { } preset) terminal.Error.WriteLine(preset, Ink.Faint);
            return;
        }

        string kind = error.Code.ToCode();
        string own = error.Name == kind || error.Name == "Error" ? "" : $"{error.Name}: ";
        terminal.Error.WriteLine($"{kind}: {own}{error.Message}", Ink.Error);
        if (error.Stack is { Length: > 0 } stack) terminal.Error.WriteLine(stack, Ink.Faint);
        if (Hints.For(error) is { } hint) terminal.Error.WriteLine(hint, Ink.Faint);
    }

    /// <summary>Prints the same as <c>enclave check</c>.</summary>
    private void PrintRefusal(ErrorCode error, IReadOnlyCollection<GuardIssue> issues)
    {
        terminal.Error.WriteLine($"{error.ToCode()}: the script was refused: {IssuePrinter.Count(issues)}", Ink.Error);
        new IssuePrinter(terminal.Error, name, code).Print(issues);
    }

    private static string Indented(ScriptValue value)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, s_indented)) value.WriteTo(writer);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
