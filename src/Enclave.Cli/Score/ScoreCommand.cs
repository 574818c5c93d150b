using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Scripts;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Score;

/// <summary>The options of <c>enclave score</c>.</summary>
internal static class ScoreCommand
{
    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        Argument<string[]> files = OptionFactory.Scripts();
        Option<ScriptLanguage?> language = OptionFactory.Language();
        var json = new Option<bool>("--json") { Description = "Print one JSON object per file and line." };
        var command = new Command("score", "Scores scripts without running them: 0 to 100 by the fixed rules of docs/scoring.md, with the reasons.")
        {
            files, language, json,
        };
        command.SetAction((parsed, _) =>
        {
            var run = new ScoreRun(terminal, ScriptFiles.Of(parsed.GetValue(files)!, "score"), parsed.GetValue(language), parsed.GetValue(json));
            return run.RunAsync(interrupt.Token);
        });
        HelpExamples.Add(
            command,
            "enclave score script.js",
            "enclave score agents/*.js --json | jq -c 'select(.score >= 40) | [.file, .score]'",
            "enclave score script.js > /dev/null; echo $?    # 0 scored, 2 no such file, 4 no program");
        return command;
    }
}
