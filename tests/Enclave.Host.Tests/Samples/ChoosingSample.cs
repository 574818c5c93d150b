using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Samples;

/// <summary>The samples of docs/choosing.md and docs/debugging.md. Alone, for the console that they write to.</summary>
[Collection(Alone.Name)]
public sealed class ChoosingSample : IDisposable
{
    private readonly TextWriter _console = Console.Out;
    private readonly StringWriter _output = new();

    public ChoosingSample() => Console.SetOut(_output);

    public void Dispose() => Console.SetOut(_console);

    [Fact]
    public async Task A_host_with_a_level_and_a_pool()
    {
        TestedEngine.NeedsNative("SECURE and STRICT");
        // sample
        var options = new EnclaveOptions
        {
            SecurityLevel = SecurityLevel.Secure,
            WorkerPool = WorkerPoolPresets.Secure with { MaxWorkers = 4 },
        };
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync("return 6 * 7", new RunOptions { Tenant = "acme", Timeout = TimeSpan.FromSeconds(2) });
        Console.WriteLine($"{result.Value} behind {result.Stats.Isolation}"); // 42 behind bubblewrap
        // end

        Assert.StartsWith("42 behind ", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_explained()
    {
        // sample
        await using var enclave = new EnclaveHost();
        const string Code = "let i = 0;\nwhile (i < 3) i++;\nreturn i";

        foreach (GuardIssue issue in enclave.Validate(Code).Issues)
        {
            Console.WriteLine($"line {issue.Location?.Line}: {issue.Code}: {issue.Message}. {issue.Hint}");
        }

        ExecutionResult result = await enclave.RunAsync(Code);
        Console.WriteLine(result.Error!.ToModelText()); // the same in a form that a language model can act on
        // end

        string shown = _output.ToString();
        Assert.StartsWith("line 2: FORBIDDEN_LOOP: ", shown, StringComparison.Ordinal);
        Assert.Contains("Write for (let i = 0;", shown, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.ValidationError, result.Error.Code);
    }
}
