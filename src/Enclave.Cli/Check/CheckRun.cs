using Enclave.Cli.Commands;
using Enclave.Cli.Options;
using Enclave.Cli.Parse;
using Enclave.Cli.Scripts;
using Enclave.Cli.Terminals;
using Enclave.Guard;
using Enclave.Limits;
using Enclave.Outcomes;

namespace Enclave.Cli.Check;

/// <summary>Examines files and prints the issues of each. Needs no engine, because nothing runs.</summary>
internal sealed class CheckRun(Terminal terminal, CheckRequest request)
{
    private readonly ScriptGuard _guard = new(request.Settings);
    private readonly ScriptGuard _whole = new(request.Settings with { Preset = GuardPreset.JavaScript });
    private readonly List<GuardIssue> _found = [];
    private int _accepted, _refused, _unread, _onlyByDialect;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        int code = await request.Files.EachAsync(Check, Unreadable, cancellationToken).ConfigureAwait(false);
        if (request.Json) return code;
        terminal.Output.WriteLine(Summary());
        if (_onlyByDialect == 0) return code;
        string accepted = request.Files.IsOneOfMany ? Plural.Of(_onlyByDialect, "refused file") : "it";
        terminal.Output.WriteLine(Presets.Hint(Presets.NameOf(GuardPreset.JavaScript), accepted), Ink.Faint);
        return code;
    }

    private int Check(string file, string source)
    {
        ScriptLanguage language = Languages.For(request.Language, file);
        ModelAnswer? answer = request.FromModel ? ModelAnswer.Read(source) : null;
        (source, language) = answer is null ? (source, language) : (answer.Source, answer.LanguageOr(language));
        ValidationResult result =
            answer?.Refusal is { } refusal ? new ValidationResult(false, [refusal]) : _guard.Validate(source, request.Globals, language: language.Reading());
        bool isDialects = !result.Valid && answer?.Refusal is null && request.Settings.Preset == GuardPreset.AgentScript
            && _whole.Validate(source, request.Globals, language: language.Reading()).Valid;
        if (isDialects) _onlyByDialect++;
        _found.AddRange(result.Issues);
        if (result.Valid) _accepted++;
        else _refused++;
        if (request.Json) terminal.Output.WriteJson(Json(file, result, isDialects));
        else new IssuePrinter(terminal.Output, TextFile.NameOf(file), source).Print(result.Issues);
        return result.Valid ? ExitCode.Success : ExitCode.Refused;
    }

    private void Unreadable(string file, string message)
    {
        _unread++;
        if (request.Json) terminal.Output.WriteJson(UnreadableFileJson.Unreadable(file, message));
        else terminal.Fail(message);
    }

    private string Summary()
    {
        string found = IssuePrinter.Count(_found) is { } counts ? $": {counts}" : "";
        if (!request.Files.IsOneOfMany) return (_refused > 0 ? "refused" : "accepted") + found;
        string unread = _unread > 0 ? $", {_unread} not read" : "";
        return $"{Plural.Of(_accepted + _refused + _unread, "file")}, {_accepted} accepted, {_refused} refused{unread}{found}";
    }

    private static string Json(string file, ValidationResult result, bool isDialects) => ParseJson.Write((writer) =>
    {
        writer.WriteStartObject();
        writer.WriteString("file", file);
        writer.WriteBoolean("valid", result.Valid);
        writer.WritePropertyName("issues");
        GuardJson.Write(writer, result.Issues);
        if (isDialects) writer.WriteString("acceptedBy", Presets.NameOf(GuardPreset.JavaScript));
        writer.WriteEndObject();
    });
}
