using System.Text.Json;
using Enclave.Protocol;

namespace Enclave.LoadBench;

/// <summary>One job of the catalogue, ready to run: code, arguments as plain .NET objects, limits, and the expected answer.</summary>
internal sealed class BenchJob
{
    private readonly JsonElement? _expected;
    private ScriptValue? _answer;
    private RunOptions? _options;

    public required string Name { get; init; }

    public required string Code { get; init; }

    public required JsonElement Arguments { get; init; }

    public required Scripts Scripts { get; init; }

    public required TimeSpan TimeLimit { get; init; }

    public required long MemoryLimit { get; init; }

    /// <summary>Null for jobs that never answer.</summary>
    public required JsonElement? Expected
    {
        get => _expected;
        init
        {
            _expected = value;
            _answer = value is { } json ? ScriptValue.From(json) : null;
        }
    }

    /// <summary>Plain objects instead of prepared values: applications have plain objects, and converting them is part of their wait.</summary>
    private RunOptions Options => _options ??= new RunOptions
    {
        Timeout = TimeLimit,
        MemoryLimit = MemoryLimit,
        Globals = new Dictionary<string, object?> { ["args"] = ScriptValue.From(Arguments).ToObject() },
    };

    /// <summary>The reason why the host's guard refuses the script, or null.</summary>
    public string? RefusalBy(EnclaveHost host) =>
        host.Validate(Code, Options) is { Valid: false } refused ? $"{refused.Issues[0].Code}: {refused.Issues[0].Message}" : null;

    public Task<ExecutionResult> RunAsync(EnclaveHost host) => host.RunAsync(Code, Options);

    public Task<ExecutionResult> RunAsync(EnclaveHost host, string tenant) => host.RunAsync(Code, Options with { Tenant = tenant });

    /// <exception cref="BenchException">The job failed, or gave another answer.</exception>
    public void Check(ExecutionResult result)
    {
        CheckSuccess(result);
        if (!Answers(result)) throw new BenchException($"{Name} gave a wrong answer: {result.Value}; expected {_answer}");
    }

    /// <summary>True if the result has the expected answer.</summary>
    public bool Answers(ExecutionResult result) => result.Value.Equals(_answer);

    /// <exception cref="BenchException">The job failed.</exception>
    public void CheckSuccess(ExecutionResult result)
    {
        if (result.Error is not { } error) return;
        ExecutionStats stats = result.Stats;
        throw new BenchException(
            $"{Name} failed: {error.Code.ToCode()}: {error.Message} (worker {stats.WorkerId}; waited {stats.QueueWait.TotalMilliseconds:0.0} ms, " +
            $"ran {stats.Duration.TotalMilliseconds:0.0} ms, CPU {stats.CpuTime.TotalMilliseconds:0.0} ms; {stats.BytesIn} bytes in, " +
                $"{stats.BytesOut} bytes out)");
    }
}
