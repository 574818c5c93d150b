using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Guard.Tests.Rules;

/// <summary>A program with the recorded verdict of the documented product.</summary>
internal sealed record RecordedCase(string Id, string Area, string Operation, string Level, string Code, string Kind, ImmutableArray<string> RuleCodes,
    GuardPreset Preset, GuardOptions Options)
{
    private const string Wrapper = "async function __ag_main() {";

    public static string File { get; } = Environment.GetEnvironmentVariable("ENCLAVE_CASES") ?? Path.Combine(SharedFolder.Path, "cases", "agentscript.jsonl");

    /// <summary>The cases that the static rules decide.</summary>
    public static IEnumerable<RecordedCase> All() =>
        System.IO.File.ReadLines(File).Select(Read).Where((one) => one is not null).Select((one) => one!);

    private static RecordedCase? Read(string line)
    {
        JsonElement json = JsonDocument.Parse(line).RootElement;
        JsonElement expect = json.GetProperty("expect");
        JsonElement options = json.GetProperty("options");
        string operation = json.GetProperty("op").GetString()!, area = json.GetProperty("area").GetString()!, kind = expect.GetProperty("kind").GetString()!;
        ImmutableArray<string> codes =
            expect.TryGetProperty("rule_codes", out JsonElement list) ? [.. list.EnumerateArray().Select((code) => code.GetString()!)] : [];
        bool isUnchecked = options.ValueKind == JsonValueKind.Object && options.TryGetProperty("validate", out JsonElement validate) && !validate.GetBoolean();
        bool decided = operation == "validate" || codes.Length > 0 || kind == "success";
        if (isUnchecked || area == "gap" || !decided) return null;
        string level = json.GetProperty("level").GetString()!;
        string preset = level.StartsWith("preset:", StringComparison.Ordinal) ? level[7..] : Text(options, "preset") ?? "agentscript";
        return new RecordedCase(
            json.GetProperty("id").GetString()!, area, operation, operation == "validate" ? "STANDARD" : level, Unwrap(json.GetProperty("code").GetString()!),
            kind, codes,
            Enum.Parse<GuardPreset>(preset, ignoreCase: true), new GuardOptions { ProvidedGlobals = Globals(options) });
    }

    private static string? Text(JsonElement options, string name) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static string[] Globals(JsonElement options) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty("globals", out JsonElement globals)
            ? [.. globals.EnumerateObject().Select((one) => one.Name)]
            : [];

    /// <summary>The documented product wraps the program itself. Our wrapper comes after the rules.</summary>
    private static string Unwrap(string code)
    {
        string text = code.Trim();
        return text.StartsWith(Wrapper, StringComparison.Ordinal) && text.EndsWith('}') ? text[Wrapper.Length..^1] : code;
    }
}
