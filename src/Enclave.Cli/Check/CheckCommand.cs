using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Scripts;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.Guard.Options;
using Enclave.Limits;

namespace Enclave.Cli.Check;

/// <summary>The options of <c>enclave check</c>.</summary>
internal sealed class CheckCommand
{
    private readonly Argument<string[]> _files = OptionFactory.Scripts();

    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Standard);

    private readonly Option<GuardPreset?> _preset = OptionFactory.Preset(
        "The preset of rules: agentscript (default), strict, secure, standard, permissive or javascript.");

    private readonly Option<ScriptLanguage?> _language = OptionFactory.Language();

    private readonly Option<bool> _fromModel = OptionFactory.FromModel();

    private readonly Option<string[]?> _globals = OptionFactory.Object<string[]>(
        "--globals", "NAME,...", "Names of globals that the host will provide, as run provides args.", "names with commas between them", TryParseNames);

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object per file and line." };

    private CheckCommand()
    {
    }

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var check = new CheckCommand();
        var command = new Command("check", "Examines scripts without running them: shows what run would refuse, and what to write instead.")
        {
            check._files, check._level, check._preset, check._language, check._fromModel, check._globals, check._json,
        };
        command.SetAction((parsed, _) => new CheckRun(terminal, check.Request(parsed)).RunAsync(interrupt.Token));
        HelpExamples.Add(
            command,
            "enclave check script.js",
            "echo 'while (args.more) {}' | enclave check - --level secure --globals args",
            "enclave check answer.md --from-model",
            "enclave check agents/*.js --json | jq -r 'select(.valid | not) | .file'",
            "enclave check script.js > /dev/null; echo $?    # 0 accepted, 2 no such file, 4 refused");
        return command;
    }

    private static bool TryParseNames(string text, out string[] names)
    {
        names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0;
    }

    private CheckRequest Request(ParseResult parsed) => new()
    {
        Files = ScriptFiles.Of(parsed.GetValue(_files)!, "check"),
        Settings = new GuardSettings
        {
            Level = (parsed.GetValue(_level) ?? SecurityLevel.Standard).ToGuardLevel(),
            Preset = parsed.GetValue(_preset) ?? GuardPreset.AgentScript,
            CacheBytes = 0,
        },
        Language = parsed.GetValue(_language),
        FromModel = parsed.GetValue(_fromModel),
        Globals = parsed.GetValue(_globals) ?? [],
        Json = parsed.GetValue(_json),
    };
}
