using System.CommandLine;
using Enclave.Configuration;
using Enclave.Guard;

namespace Enclave.Cli.Options;

/// <summary>The options for the limits of a run, the rules for its script and the engine, for every command that runs scripts.</summary>
/// <param name="timeout">What the help says of the default.</param>
/// <param name="memory">What the help says of the default.</param>
/// <param name="maxToolCalls">What the help says of the default.</param>
/// <param name="preset">The preset that the help names as the default.</param>
internal sealed class LimitOptionSet(
    string timeout = "Default by level: 5, 15, 30, 60 s.", string memory = "Default: 64MB.", string maxToolCalls = "Default by level: 10, 50, 100, 1000.",
    string preset = "agentscript")
{
    private readonly Option<GuardPreset?> _preset = OptionFactory.Preset(
        $"The preset of rules that scripts must satisfy: agentscript, strict, secure, standard, permissive or javascript. Default: {preset}.");

    private readonly Option<TimeSpan?> _timeout = OptionFactory.Time(
        "--timeout", "Time limit of a run, waits for tools included: 500ms, 5s, 2m; a bare number is seconds. Range: 1ms to 24h. " + timeout);

    private readonly Option<long?> _memory = OptionFactory.Value(
        "--memory", "SIZE", "Memory limit: 64MB, 1GB; a bare number is MB. Range: 8MB to 16GB. " + memory, $"{ByteSizes.Form}, from 8MB to 16GB",
        (string text, out long bytes) => ByteSizes.TryParse(text, bareUnitBytes: 1 << 20, out bytes) && bytes is >= LimitOptions.LeastMemory and <= 16L << 30);

    private readonly Option<int?> _maxToolCalls = OptionFactory.Count(
        "--max-tool-calls", "Maximum number of tool calls. " + maxToolCalls, 0, LimitOptions.MostToolCalls);

    private readonly Option<int?> _maxIterations = OptionFactory.Count(
        "--max-iterations", "Maximum number of iterations of one loop. Default by level: 1000, 5000, 10000, 100000.", 1, LimitOptions.MostIterations);

    private readonly Option<ScriptEngine?> _engine = OptionFactory.Engine();

    public IEnumerable<Option> All => [_preset, _timeout, _memory, _maxToolCalls, _maxIterations, _engine];

    public LimitSettings Read(ParseResult parsed) => new()
    {
        Preset = parsed.GetValue(_preset),
        Timeout = parsed.GetValue(_timeout),
        MemoryLimit = parsed.GetValue(_memory),
        MaxToolCalls = parsed.GetValue(_maxToolCalls),
        MaxIterations = parsed.GetValue(_maxIterations),
        Engine = parsed.GetValue(_engine),
    };
}
