using System.CommandLine;
using System.Text.Json;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Parse;
using Enclave.Cli.Replay;
using Enclave.Cli.Run;
using Enclave.Cli.Scripts;
using Enclave.Protocol;

namespace Enclave.Cli.Runs;

/// <content><c>enclave runs fork</c>.</content>
internal sealed partial class RunsCommand
{
    private readonly Argument<string?> _fork = new("NEW") { Description = "The name of the new run. Default: NAME-fork.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _at = OptionFactory.Count(
        "--at", "How many events of runs show the new run keeps. Default: as many as its script repeats.", 0, int.MaxValue);

    private readonly Option<string?> _script = new("--script") { Description = "The corrected script. Default: the same script.", HelpName = "FILE" };

    private readonly Option<string[]> _answers = new("--answer")
    {
        Description = "A corrected answer of a call that is kept, as JSON: c_2={\"ok\":true}. Can be given for several calls.",
        HelpName = "CALL=JSON",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what the new run would keep and call. Nothing is called or stored." };

    private Command Fork() => Live(
        "fork", "Starts a new run that keeps the beginning of another's history, with a corrected script or answers.", [_name, _fork],
        [_at, _script, _answers, _dryRun], ForkAsync);

    private async Task<int> ForkAsync(EnclaveHost host, ParseResult parsed)
    {
        string name = parsed.GetValue(_name)!;
        string? script = parsed.GetValue(_script);
        var fork = new ForkOptions
        {
            Name = parsed.GetValue(_fork) ?? $"{name}-fork",
            At = parsed.GetValue(_at),
            Code = script is null ? null : await ScriptSource.ReadAsync(script, _interrupt.Token).ConfigureAwait(false),
            Answers = (parsed.GetValue(_answers) ?? []).Select(ReadAnswer).ToDictionary(),
        };
        var printer = new ResultPrinter(_terminal, parsed.GetValue(_json), fork.Name, fork.Code ?? "");
        var options = new RunOptions { Tenant = _store.Tenant(parsed), OnConsole = printer.PrintConsole };
        try
        {
            ForkPreview preview = await host.Runs.PreviewForkAsync(name, fork, options, _interrupt.Token).ConfigureAwait(false);
            bool isDry = parsed.GetValue(_dryRun);
            if (isDry && parsed.GetValue(_json)) _terminal.Output.WriteJson(Json(preview));
            else Print(preview);
            // A fork that keeps what its script does not repeat is refused.
            if (isDry) return preview.Difference is not null && fork.At is not null ? ExitCode.ScriptFailed : ExitCode.Success;
            return Printer(parsed).Conclude(await host.Runs.ForkAsync(name, fork, options, _interrupt.Token).ConfigureAwait(false), printer);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static KeyValuePair<string, object?> ReadAnswer(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 1) throw new UsageException($"--answer {text}: give the id of a call and its answer as JSON, as in c_2=true.");
        using JsonDocument value = JsonInput.Read("--answer", text[(at + 1)..]);
        return new(text[..at], ScriptValue.From(value.RootElement));
    }

    /// <summary>Printed before anything runs: what the fork keeps, and what it does again.</summary>
    private void Print(ForkPreview preview)
    {
        _terminal.Error.WriteLine($"keeps {Plural.Of(preview.Kept, "event")}");
        if (preview.Difference is { } difference) _terminal.Error.WriteLine($"first difference: {difference}");
        foreach (ToolCallEvent call in preview.Repeated) _terminal.Error.WriteLine($"was called after that: {call.CallId} {call.Name} {call.Args}");
        if (preview.Next is { } next) _terminal.Error.WriteLine($"goes on with: {next.CallId} {next.Name} {next.Args}");
        else if (preview.Result is { } result)
            _terminal.Error.WriteLine($"ends without another call: {(result.Error is { } error ? error.Code.ToCode() : result.Value)}");
    }

    private static string Json(ForkPreview preview) => ParseJson.Write((writer) =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("kept", preview.Kept);
        if (preview.Difference is { } difference) ReplayRun.WriteDifference(writer, difference);
        writer.WriteStartArray("repeated");
        foreach (ToolCallEvent call in preview.Repeated) Write(writer, call);
        writer.WriteEndArray();
        if (preview.Next is { } next)
        {
            writer.WritePropertyName("next");
            Write(writer, next);
        }

        if (preview.Result is { } result)
        {
            writer.WritePropertyName("result");
            result.WriteTo(writer);
        }

        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, ToolCallEvent call)
    {
        writer.WriteStartObject();
        writer.WriteString("callId", call.CallId);
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("args");
        call.Args.WriteTo(writer);
        writer.WriteEndObject();
    }
}
