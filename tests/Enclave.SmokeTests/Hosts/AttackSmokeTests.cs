using Enclave.Attacks.Tests.Escapes;
using Enclave.Tests;

namespace Enclave.SmokeTests.Hosts;

/// <summary>Twenty programs of the table of escapes, one of each of its first classes: judged, and run without the rules.</summary>
public sealed class AttackSmokeTests
{
    private const int Count = 20;

    private static IEnumerable<EscapeTable.Attack> Attacks => EscapeTable.Classes.SelectMany((name) => EscapeTable.Of(name).Take(2)).Take(Count);

    [Fact]
    public void The_rules_refuse_what_the_table_says()
    {
        using var host = new ValidatingHost();
        List<string> wrong = [];
        foreach (EscapeTable.Attack attack in Attacks)
        {
            if (host.Refuses(attack.Code) != (attack.Refused is "everywhere" or "below")) wrong.Add($"{attack.Refused}: {attack.Code}");
        }

        Assert.Equal(Count, Attacks.Count());
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task I1_Without_the_rules_they_find_nothing()
    {
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Validate = false,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 },
            VerboseErrors = true,
            MaxIterations = 1_000,
            ToolHandler = static (name, args, _) => name == "fail" ? throw new InvalidOperationException("no such row") : new(args),
        });
        List<string> found = [];
        foreach (EscapeTable.Attack attack in Attacks)
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(attack.Code), $"answer to {attack.Code}");
            string seen = $"{(result.Success ? result.Value.ToJsonString() : "")} {result.Error?.Message} {result.Error?.Stack} {result.Stdout}";
            if (seen.Contains("ESCAPED", StringComparison.Ordinal) || seen.Contains(Repository.Root, StringComparison.Ordinal)) found.Add(attack.Code);
        }

        Assert.Empty(found);
    }

    /// <summary>A host that judges and runs nothing.</summary>
    private sealed class ValidatingHost : IDisposable
    {
        private readonly EnclaveHost _host = new(new EnclaveOptions { WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 1 } });

        public bool Refuses(string code) => !_host.Validate(code).Valid;

        public void Dispose() => _host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
