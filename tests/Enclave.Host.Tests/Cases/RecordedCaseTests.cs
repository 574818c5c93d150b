using System.Collections.Concurrent;
using System.Diagnostics;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Cases;

/// <summary>Runs every recorded program as an application would.</summary>
[Collection(Alone.Name)]
public sealed class RecordedCaseTests(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>A loop that shall meet its time limit. The portable engine compiles beside the script, which then ends within the limit.</summary>
    private const string EndsInTime = "up-resource-exhaustion-037";

    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<RuleSet, Lazy<EnclaveHost>> _hosts = new();
    private readonly ConcurrentBag<string> _slow = [];

    private enum Verdict
    {
        Agrees,
        Deviates,
        Disagrees,
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<EnclaveHost> host in _hosts.Values) await host.Value.DisposeAsync();
    }

    [Fact]
    public async Task Recorded_programs_come_to_the_same_but_for_the_listed_deviations()
    {
        Assert.SkipUnless(File.Exists(RecordedCase.File), $"{RecordedCase.File} is not here");
        RecordedCase[] cases = [.. RecordedCase.All().Where((one) => one.IsStatic || !TestedEngine.IsPortable || RunsPortably(one))];
        HashSet<string> listed = [.. Deviations()];
        var answers = new ConcurrentDictionary<RecordedCase, (bool Fits, string Got)>();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (one, _) => answers[one] = await JudgeAsync(one));

        Dictionary<RecordedCase, Verdict> verdicts = cases.ToDictionary(
            (one) => one, (one) => answers[one].Fits ? Verdict.Agrees : listed.Contains(one.Id) ? Verdict.Deviates : Verdict.Disagrees);
        (int agree, int deviate, int disagree) = Count(verdicts.Where((pair) => pair.Key.Apart is null));
        output.WriteLine($"{agree} agree, {deviate} deviate, {disagree} disagree");
        foreach (IGrouping<string?, KeyValuePair<RecordedCase, Verdict>> group in verdicts.Where((pair) => pair.Key.Apart is not null)
            .GroupBy((pair) => pair.Key.Apart))
        {
            output.WriteLine($"apart ({group.Key}): {group.Count()}, of which {group.Count((pair) => pair.Value == Verdict.Agrees)} agree");
        }

        if (Environment.GetEnvironmentVariable("ENCLAVE_CASES_SHOW") is not null)
        {
            foreach (RecordedCase one in cases.Where((one) => one.Apart is not null || one.Expected.IsOpen)) output.WriteLine(Show(one, answers[one].Got));
        }

        foreach (string slow in _slow.OrderDescending(StringComparer.Ordinal).Take(10)) output.WriteLine(slow);
        string[] differing =
        [
            .. verdicts.Where((pair) => pair.Value == Verdict.Disagrees && pair.Key.Apart is null or "plain JavaScript")
            .Select((pair) => Show(pair.Key, answers[pair.Key].Got)),
        ];
        Assert.True(differing.Length == 0, $"{differing.Length} disagree:\n{string.Join("\n----\n", differing)}");
        Assert.True(deviate * 100 < (agree + deviate) * 8, $"{deviate} deviations are 8 % or more");
        string[] stale = [.. verdicts.Where((pair) => pair.Value == Verdict.Agrees).Select((pair) => pair.Key.Id).Where(listed.Contains)];
        Assert.True(stale.Length == 0, $"listed, but not deviating: {string.Join(", ", stale)}");
    }

    private static bool RunsPortably(RecordedCase one) => !HigherLevels.Has(one.Rules.Level) && one.Id != EndsInTime;

    private static (int Agree, int Deviate, int Disagree) Count(IEnumerable<KeyValuePair<RecordedCase, Verdict>> verdicts)
    {
        ILookup<Verdict, RecordedCase> by = verdicts.ToLookup((pair) => pair.Value, (pair) => pair.Key);
        return (by[Verdict.Agrees].Count(), by[Verdict.Deviates].Count(), by[Verdict.Disagrees].Count());
    }

    private static string Show(RecordedCase one, string got) => $"{one.Id} {one.Rules}: expected {one.Expected}\n  got {got}\n{one.Code}";

    private async Task<(bool Fits, string Got)> JudgeAsync(RecordedCase one)
    {
        long started = Stopwatch.GetTimestamp();
        EnclaveHost host = _hosts.GetOrAdd(one.Rules, (rules) => new Lazy<EnclaveHost>(() => Host(rules))).Value;
        try
        {
            if (one.IsStatic)
            {
                Guard.ValidationResult verdict = host.Validate(one.Code, one.Options());
                return (one.Expected.Fits(verdict), string.Join("; ", verdict.Issues.Select((issue) => $"{issue.Severity} {issue.Code} {issue.Message}")));
            }

            ExecutionResult result = await host.RunAsync(one.Code, one.Options());
            return (
                one.Expected.Fits(result), result.Error is { } error ? $"{error.Code.ToCode()} {error.Name}: {error.Message}" : result.Value.ToJsonString());
        }
        catch (ArgumentException refused)
        {
            // The host refuses the case's options, so nothing runs.
            return (one.Expected.ErrorCode is not null, refused.Message);
        }
        finally
        {
            _slow.Add($"{Stopwatch.GetElapsedTime(started).TotalMilliseconds,9:0} ms {one.Id}");
        }
    }

    private static EnclaveHost Host(RuleSet rules) => new(new EnclaveOptions
    {
        SecurityLevel = rules.Level,
        Preset = rules.Preset,
        Validate = rules.Validate,
        Adapter = EnclaveAdapter.CreateWorkerPool(new PoolAdapterOptions { PoolSize = 2 }),
        AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
        ToolHandler = (name, args, context) => ((ToolHandler)context.Context!)(name, args, context),
    });

    private static IEnumerable<string> Deviations() =>
        File.ReadLines(Path.Combine(Repository.Root, "tests", "deviations.txt"))
            .Where((line) => line.Length > 0 && line[0] != '#').Select((line) => line.Split('|', 2)[0].Trim());
}
