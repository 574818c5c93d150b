using Enclave.Tests;

namespace Enclave.Attacks.Tests.Escapes;

/// <summary>Common code of people and models (the idiom tables of the guard's tests) is not only accepted: it runs.</summary>
public sealed class IdiomRunTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "tests", "Enclave.Guard.UnitTests", "Rules", "tables");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(s_folder, "idioms-*.txt").Select((file) => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Idioms_run(string file)
    {
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 1 },
            ToolHandler = static (name, args, _) => new(name == "users:list" ? new { items = new[] { new { active = true, name = "x" } } } : args),
        });
        List<string> wrong = [];
        foreach (string line in File.ReadLines(Path.Combine(s_folder, file)))
        {
            string[] parts = line.Split(" | ", 2);
            if (parts[0].Trim() is not ("clean" or "ok")) continue;
            string code = parts[1].Replace('¶', '\n');

            ExecutionResult result = await Within.Deadline(host.RunAsync(code), $"answer to {code}");

            // Errors that the program throws itself are fine. So is a function as its value.
            bool own = result.Error is { Code: ErrorCode.RuntimeError, Name: not ("SyntaxError" or "ReferenceError") };
            if (!result.Success && !own || own && !code.Contains("throw", StringComparison.Ordinal) && !result.Error!.Message.Contains(
                "cannot cross", StringComparison.Ordinal)) wrong.Add($"{result.Error!.Code} {result.Error.Name} {result.Error.Message}\n    {code}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
