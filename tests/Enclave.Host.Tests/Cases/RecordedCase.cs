using System.Text.Json;
using Enclave.Cli.Batch;
using Enclave.Guard;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Cases;

/// <summary>A program with its outcome in the documented product.</summary>
internal sealed class RecordedCase
{
    private const string Wrapper = "async function __ag_main() {";
    private const string PresetPrefix = "preset:";
    private const long LeastMemory = 8L << 20;

    private readonly JsonElement _options;
    private readonly JsonElement _tools;

    private RecordedCase(JsonElement json)
    {
        _options = json.GetProperty("options");
        _tools = json.GetProperty("tools");
        Id = json.GetProperty("id").GetString()!;
        Area = json.GetProperty("area").GetString()!;
        Code = Unwrap(json.GetProperty("code").GetString()!);
        IsStatic = json.GetProperty("op").GetString() == "validate";
        Expected = new Expectation(json.GetProperty("expect"));
        string level = json.GetProperty("level").GetString()!;
        bool named = level.StartsWith(PresetPrefix, StringComparison.Ordinal);
        Rules = new RuleSet(
            named ? SecurityLevel.Standard : Enum.Parse<SecurityLevel>(level, ignoreCase: true),
            Enum.Parse<GuardPreset>(named ? level[PresetPrefix.Length..] : Option("preset")?.GetString() ?? "agentscript", ignoreCase: true),
            Option("validate")?.GetBoolean() ?? true);
    }

    public static string File { get; } = Environment.GetEnvironmentVariable("ENCLAVE_CASES") ?? Path.Combine(SharedFolder.Path, "cases", "agentscript.jsonl");

    public string Id { get; }

    public string Area { get; }

    public string Code { get; }

    /// <summary>True if it is checked but not run.</summary>
    public bool IsStatic { get; }

    public RuleSet Rules { get; }

    public Expectation Expected { get; }

    /// <summary>
    /// The reason why it does not apply to us: plain JavaScript's meaning instead of the product's, or the product's own estimates, bridge and second VM.
    /// </summary>
    public string? Apart
    {
        get
        {
            if (Area == "gap") return "plain JavaScript";
            if (Expected.ErrorCode == "MEMORY_LIMIT_EXCEEDED" || Option("memoryLimit") is { } memory && memory.GetInt64() < LeastMemory)
                return "memory as it estimates it";
            if (Option("doubleVm") is { } vm && vm.TryGetProperty("parentValidation", out _)) return "its second VM";
            return Option("sidecar") is not null || Option("toolBridge") is not null ? "its sidecar and bridge" : null;
        }
    }

    public static IReadOnlyList<RecordedCase> All() =>
        [.. System.IO.File.ReadLines(File).Select((line) => new RecordedCase(JsonDocument.Parse(line).RootElement))];

    public RunOptions Options() => new()
    {
        Timeout = Option("timeout") is { } time ? TimeSpan.FromMilliseconds(time.GetDouble()) : null,
        MemoryLimit = Option("memoryLimit") is { } memory && memory.GetInt64() >= LeastMemory ? memory.GetInt64() : null,
        MaxIterations = Option("maxIterations")?.GetInt32(),
        MaxToolCalls = Option("maxToolCalls")?.GetInt32(),
        MaxConsoleCalls = Option("maxConsoleCalls")?.GetInt32(),
        MaxConsoleBytes = Option("maxConsoleOutputBytes")?.GetInt64(),
        Globals = Option("globals")?.EnumerateObject().ToDictionary((one) => one.Name, (one) => (object?)ScriptValue.From(one.Value)),
        Context = ToolAnswers.Parse(_tools),
    };

    private JsonElement? Option(string name) =>
        _options.ValueKind == JsonValueKind.Object && _options.TryGetProperty(name, out JsonElement value) ? value : null;

    /// <summary>The documented product has its own wrapper. Ours is added after the rules.</summary>
    private static string Unwrap(string code)
    {
        string text = code.Trim();
        return text.StartsWith(Wrapper, StringComparison.Ordinal) && text.EndsWith('}') ? text[Wrapper.Length..^1] : code;
    }
}
