using System.Globalization;
using System.Text.Json;
using Enclave.Cli.Options;
using Enclave.Configuration;
using Enclave.Guard;
using Enclave.Protocol;

namespace Enclave.Cli.Batch;

/// <summary>The settings of a job: members of its line, or of the line's object <c>options</c>.</summary>
internal sealed class JobMembers
{
    private const string PresetPrefix = "preset:";

    private static readonly string[] s_options =
    [
        "level", "preset",
        "language", "validate", "timeout", "memoryLimit", "maxIterations", "maxToolCalls", "maxConsoleCalls", "maxConsoleOutputBytes", "globals", "parse",
    ];

    private static readonly double s_longestMs = TimeSpan.FromDays(365).TotalMilliseconds;

    private readonly JsonElement _job;
    private readonly JsonElement? _options;

    /// <exception cref="FormatException">It has an unknown option. Other unknown members of the line may be notes.</exception>
    public JobMembers(JsonElement job)
    {
        _job = job;
        _options = Member(job, "options");
        if (_options is not { } options) return;
        if (options.ValueKind != JsonValueKind.Object) throw new FormatException("options must be an object");
        foreach (JsonProperty option in options.EnumerateObject())
        {
            if (!s_options.Contains(option.Name)) throw new FormatException($"option {option.Name} is unknown; the options are {string.Join(", ", s_options)}");
        }
    }

    public BatchOperation Operation => Member(_job, "op") switch
    {
        null => BatchOperation.Run,
        { ValueKind: JsonValueKind.String } name when name.ValueEquals("run") => BatchOperation.Run,
        { ValueKind: JsonValueKind.String } name when name.ValueEquals("validate") => BatchOperation.Validate,
        { } other => throw new FormatException($"op is {other.GetRawText()}; it takes run or validate"),
    };

    public SecurityLevel? Level => Find("level") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } name when Levels.TryParse(name.GetString()!, out SecurityLevel level) => level,
        { ValueKind: JsonValueKind.String } name when IsPreset(name) => null,
        { } other => throw new FormatException($"level is {other.GetRawText()}; it takes {Levels.Form}"),
    };

    /// <summary>The preset, from <c>preset</c>, or from <c>level</c> as <c>preset:NAME</c>.</summary>
    public GuardPreset? Preset
    {
        get
        {
            JsonElement? given = Find("preset"), level = Find("level");
            if (given is null && level is { ValueKind: JsonValueKind.String } named && IsPreset(named))
                return PresetOf(named, named.GetString()![PresetPrefix.Length..]);
            return given is { } preset ? PresetOf(preset, preset.ValueKind == JsonValueKind.String ? preset.GetString()! : "") : null;
        }
    }

    public ScriptLanguage? Language => Find("language") switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } name when Languages.TryParse(name.GetString()!, out ScriptLanguage language) => language,
        { } other => throw new FormatException($"language is {other.GetRawText()}; it takes {Languages.Form}"),
    };

    public bool? Validate => Find("validate") switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } other => throw new FormatException($"validate is {other.GetRawText()}; it takes true or false"),
    };

    public TimeSpan? Timeout => Find("timeout") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => TimeSpan.FromMilliseconds(Math.Clamp(number.GetDouble(), -s_longestMs, s_longestMs)),
        { ValueKind: JsonValueKind.String } text when Durations.TryParse(text.GetString()!, bareUnitMilliseconds: 1, out TimeSpan time) => time,
        { } other => throw new FormatException($"timeout is {other.GetRawText()}; it takes milliseconds as a number, or {Durations.Form}"),
    };

    public Dictionary<string, object?> Globals
    {
        get
        {
            var globals = new Dictionary<string, object?>(StringComparer.Ordinal);
            if (Find("globals") is not { } given) return globals;
            if (given.ValueKind != JsonValueKind.Object) throw new FormatException("globals must be an object");
            foreach (JsonProperty global in given.EnumerateObject()) globals[global.Name] = ScriptValue.From(global.Value);
            return globals;
        }
    }

    public long? Bytes(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number => (long)Math.Clamp(number.GetDouble(), -1, 1L << 50),
        { ValueKind: JsonValueKind.String } text when ByteSizes.TryParse(text.GetString()!, bareUnitBytes: 1, out long bytes) => bytes,
        { } other => throw new FormatException($"{name} is {other.GetRawText()}; it takes bytes as a number, or {ByteSizes.Form}"),
    };

    public int? Count(string name) => Find(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int count) => count,
        { } other => throw new FormatException($"{name} is {other.GetRawText()}; it takes a whole number"),
    };

    /// <summary>
    /// Checks the form of <c>parse</c>. A recording may say how its text was parsed; here it is
    /// always the body of an async function of the latest language.
    /// </summary>
    /// <exception cref="FormatException">It requests something else.</exception>
    public void CheckParse()
    {
        if (Find("parse") is not { } parse) return;
        if (parse.ValueKind != JsonValueKind.Object) throw new FormatException("parse must be an object");
        foreach (JsonProperty setting in parse.EnumerateObject())
        {
            string text = setting.Value.ValueKind == JsonValueKind.String ? setting.Value.GetString()! : setting.Value.GetRawText();
            bool known = setting.Name switch
            {
                "sourceType" => text is "script" or "module",
                "ecmaVersion" => text == "latest" || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _),
                _ => false,
            };
            if (known) continue;
            throw new FormatException(
                $"parse.{setting.Name} is {setting.Value.GetRawText()}; parse takes sourceType (script or module) and ecmaVersion (a number or latest)");
        }
    }

    /// <summary>The member; null if it is absent or null.</summary>
    public static JsonElement? Member(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private JsonElement? Find(string name) => Member(_job, name) ?? (_options is { } options ? Member(options, name) : null);

    private static bool IsPreset(JsonElement level) => level.GetString()!.StartsWith(PresetPrefix, StringComparison.Ordinal);

    private static GuardPreset PresetOf(JsonElement given, string name) =>
        name.Length > 0 && Presets.TryParse(name, out GuardPreset preset)
            ? preset
            : throw new FormatException($"preset is {given.GetRawText()}; it takes {Presets.Form}");
}
