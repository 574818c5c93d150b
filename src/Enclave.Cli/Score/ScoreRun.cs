using Enclave.Cli.Check;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Parse;
using Enclave.Cli.Scripts;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.JavaScript.Text;
using Enclave.Limits;
using Enclave.Outcomes;

namespace Enclave.Cli.Score;

/// <summary>Scores files and prints the reasons. Needs no engine, because nothing runs.</summary>
internal sealed class ScoreRun(Terminal terminal, ScriptFiles files, ScriptLanguage? language, bool json)
{
    public Task<int> RunAsync(CancellationToken cancellationToken) => files.EachAsync(Score, Unreadable, cancellationToken);

    private int Score(string file, string source)
    {
        ScoreResult result = RuleBasedScorer.Score(source, Languages.For(language, file).Reading());
        if (json) terminal.Output.WriteJson(Json(file, result));
        else Print(TextFile.NameOf(file), source, result);
        return result.IsScored ? ExitCode.Success : ExitCode.Refused;
    }

    private void Unreadable(string file, string message)
    {
        if (json) terminal.Output.WriteJson(UnreadableFileJson.Unreadable(file, message));
        else terminal.Fail(message);
    }

    private void Print(string name, string source, ScoreResult result)
    {
        if (!result.IsScored)
        {
            terminal.Error.WriteLine($"{name}: no score: {result.Reason}", Ink.Error);
            return;
        }

        terminal.Output.WriteLine($"{name}: score {result.Score} of 100, risk {Lower(result.RiskLevel)}", InkOf(result.RiskLevel));
        foreach (ScoreSignal signal in result.Signals)
        {
            string place = signal.Location is { } at ? $":{at.Line}:{at.Column}" : "";
            terminal.Output.WriteLine($"{name}{place}: +{signal.Score} {signal.Name}: {signal.Description}");
            if (signal.Location is { } shown) terminal.Output.WriteLine(SourceExcerpt.At(source, shown.Offset, shown.Length), Ink.Faint);
        }
    }

    private static Ink InkOf(RiskLevel risk) => risk switch
    {
        RiskLevel.None or RiskLevel.Low => Ink.Good,
        RiskLevel.Medium => Ink.Warning,
        _ => Ink.Error,
    };

    private static string Json(string file, ScoreResult result) => ParseJson.Write((writer) =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteBoolean("scored", result.IsScored);
        if (result.IsScored)
        {
            writer.WriteNumber("score", result.Score);
            writer.WriteString("risk", Lower(result.RiskLevel));
            writer.WritePropertyName("signals");
            GuardJson.Write(writer, result.Signals);
        }

        if (result.Reason is { } reason) writer.WriteString("reason", reason);
        writer.WriteEndObject();
    });

    private static string Lower(RiskLevel level) => level.ToString().ToLowerInvariant();
}
