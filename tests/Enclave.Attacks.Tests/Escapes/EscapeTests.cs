using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Escapes;

/// <summary>Each class of escapes meets the rules first. Without the rules it still cannot escape.</summary>
public sealed class EscapeTests
{
    private const string Untouched = """
        const own = Object.getOwnPropertyNames(Object.prototype).length + Object.getOwnPropertySymbols(Object.prototype).length;
        const pure = ({}).polluted === undefined && own === 12 && typeof callTool === 'function' && [].map.name === 'map'
          && Error.prepareStackTrace === undefined;
        const same = [...[1, 2]].length === 2 && JSON.stringify({ a: 1 }) === '{"a":1}' && (await callTool('echo', { a: 1 })).a === 1;
        return pure && same ? 'untouched' : `${own} ${pure} ${same}`;
        """;

    private static readonly SecurityLevel[] s_levels = Enum.GetValues<SecurityLevel>();

    public static TheoryData<string> Classes => [.. EscapeTable.Classes];

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task The_rules_refuse_it_before_it_runs(string name)
    {
        List<string> wrong = [];
        var hosts = s_levels.ToDictionary((level) => level, (level) => Judging(level));
        foreach (EscapeTable.Attack attack in EscapeTable.Of(name))
        {
            SecurityLevel[] refused = [.. s_levels.Where((level) => !hosts[level].Validate(attack.Code).Valid)];
            string where = refused.Length == s_levels.Length ? "everywhere" : refused.Length == 0 ? "nowhere" : string.Join(',', refused);
            if (where == "Strict,Secure,Standard") where = "below";
            if (where != attack.Refused) wrong.Add($"{where} | {attack.Code[EscapeTable.Loot.Length..]}");
        }

        foreach (EnclaveHost host in hosts.Values) await host.DisposeAsync();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Each class at all levels. The usual run takes every other level, in turns.</summary>
    public static TheoryData<string, SecurityLevel> Runs =>
        [.. EscapeTable.Classes.SelectMany(
            (name, index) => s_levels.Where((_, level) => TestSize.Full || level % 2 == index % 2).Select((level) => (name, level)))];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Escapes_that_run_without_the_rules_find_nothing(string name, SecurityLevel level)
    {
        await using EnclaveHost host = Open(level);
        await FindsNothingAsync(host, name);
    }

    // The preset accepts code that the others refuse, and does not check keys at run time. Only the engine's own walls are left.
    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Escapes_that_the_preset_javascript_lets_through_find_nothing(string name, SecurityLevel level)
    {
        EnclaveOptions options = Options(level);
        options.Preset = GuardPreset.JavaScript;
        await using var host = new EnclaveHost(options);
        await FindsNothingAsync(host, name);
    }

    private static async Task FindsNothingAsync(EnclaveHost host, string name)
    {
        List<string> wrong = [];
        foreach (EscapeTable.Attack attack in EscapeTable.Of(name))
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(attack.Code), $"answer to {attack.Code}");
            string seen =
                $"{(result.Success ? result.Value.ToJsonString() : "")} {result.Error?.Code} {result.Error?.Message} {result.Error?.Stack} {result.Stdout}";
            bool harmless = result.Success || result.Error!.Code is ErrorCode.RuntimeError or ErrorCode.ValidationError or ErrorCode.MaxToolCalls
                or ErrorCode.ToolError or ErrorCode.OutputLimit;
            if (!harmless || Loot(seen)) wrong.Add($"{attack.Code[EscapeTable.Loot.Length..]}\n    {seen[..Math.Min(seen.Length, 400)]}");
            ExecutionResult next = await Within.Deadline(host.RunAsync(Untouched), $"answer after {attack.Code}");
            if (!next.Success || next.Value.AsString() != "untouched") wrong.Add($"the job after {attack.Code}: {next.Error?.Message} {next.Value}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // Guarded keys are the last run-time defence before the engine itself, which refuses no names.
    [Fact]
    public async Task Keys_that_lead_to_constructors_are_refused_when_they_are_used()
    {
        List<string> wrong = [];
        await using EnclaveHost host = Open(SecurityLevel.Standard);
        foreach (EscapeTable.Attack attack in EscapeTable.Of("keys"))
        {
            ExecutionResult result = await Within.Deadline(host.RunAsync(attack.Code), $"answer to {attack.Code}");
            if (result.Error?.Message.Contains("cannot be used here", StringComparison.Ordinal) != true)
                wrong.Add($"{attack.Code[EscapeTable.Loot.Length..]}: {result.Error?.Message} {result.Value}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool Loot(string seen) =>
        seen.Contains("ESCAPED", StringComparison.Ordinal) || seen.Contains(Repository.Root, StringComparison.Ordinal)
            || seen.Contains("node:", StringComparison.Ordinal)
        || seen.Contains("__ag_", StringComparison.Ordinal) && !seen.Contains("reserved", StringComparison.Ordinal);

    private static EnclaveHost Judging(SecurityLevel level) => new(Options(level));

    private static EnclaveHost Open(SecurityLevel level)
    {
        EnclaveOptions options = Options(level);
        options.Validate = false;
        return new EnclaveHost(options);
    }

    private static EnclaveOptions Options(SecurityLevel level) => new()
    {
        SecurityLevel = level,
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 1 },
        VerboseErrors = true,
        Timeout = TimeSpan.FromSeconds(5),
        MaxIterations = 1_000,
        ToolHandler = static (name, args, _) => name == "fail" ? throw new InvalidOperationException("no such row") : new(args),
    };
}
