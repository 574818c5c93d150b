using System.Globalization;
using System.Text;
using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;
using Enclave.Tools;
using Enclave.Tools.Sequences;

namespace Enclave.Host.Tests.Sequences;

/// <summary>The sequence rules, compared with a simple model that keeps every call and checks all of them each time.</summary>
public sealed class SequenceModelTests
{
    private static readonly string[] s_labels = ["pii", "credentials", "salary"];
    private static readonly string[] s_resources = ["users", "orders"];
    private static readonly TimeSpan[] s_windows = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan];

    [Fact]
    public void Random_sequences_are_judged_as_the_rules_say()
    {
        var fired = new Dictionary<string, int>(StringComparer.Ordinal);
        int allowed = 0;
        for (int seed = 0; seed < TestSize.Of(1_000, 50_000); seed++)
        {
            var random = new Random(seed);
            SequencePolicyOptions rules = Rules(random);
            EffectDeclaration[] tools = Tools(random);
            var time = new ManualClock();
            var history = new SequenceHistory(rules, time);
            var model = new List<ModelCall>();
            for (uint id = 1; id <= 40; id++)
            {
                time.Advance(Step(random));
                EffectDeclaration tool = tools[random.Next(tools.Length)];
                var call = new ModelCall(id, tool, time.GetTimestamp(), random.Next(0, 8), random.Next(0, 3));
                ScriptValue args = ScriptValue.From(new { call.Limit, Page = new { Ids = Enumerable.Range(0, call.Ids).ToArray() } });

                SequenceFinding? finding = history.Judge(id, tool, args);

                string? expected = SequenceModel.Judge(rules, model, call);
                Assert.True(expected == finding?.Rule,
                    $"seed {seed}, call {id} of {tool.Tool}: {finding?.Rule ?? "nothing"} instead of {expected ?? "nothing"}. {finding?.Why}");
                if (finding is null)
                {
                    model.Add(call);
                    allowed++;
                    continue;
                }

                fired[finding.Rule] = fired.GetValueOrDefault(finding.Rule) + 1;
                AssertExplained(finding, rules, model, call);
            }
        }

        // The agreement above proves something: each rule refused often, and many calls passed.
        Assert.Equal(["Bulk", "DeleteAfterAccess", "RapidEnumeration", "ReadThenSend"], fired.Keys.Order(StringComparer.Ordinal));
        Assert.All(fired.Values, (count) => Assert.True(count > 200, $"{count}"));
        Assert.True(allowed > 5_000, $"{allowed}");
    }

    /// <summary>The same rules from outside: scripts that call in random batches, each sent at once, while the clock stands still.</summary>
    [Fact]
    public async Task Random_scripts_meet_the_rules_in_the_order_of_their_calls()
    {
        int refused = 0, made = 0;
        for (int seed = 0; seed < TestSize.Of(8, 100); seed++)
        {
            var random = new Random(seed);
            SequencePolicyOptions rules = Rules(random);
            var time = new ManualClock();
            var options = new EnclaveOptions { SequencePolicy = rules, TimeProvider = time };
            EffectDeclaration[] tools = Tools(random, options.Tools);
            await using var host = new EnclaveHost(options);
            for (int run = 0; run < 25; run++)
            {
                var model = new List<ModelCall>();
                var script = new StringBuilder("const all = [];\n");
                string expected = "";
                uint id = 0;
                for (int batch = 0; batch < 4; batch++)
                {
                    script.Append("all.push(...await Promise.allSettled([");
                    for (int i = random.Next(1, 8); i > 0; i--)
                    {
                        var call = new ModelCall(++id, tools[random.Next(tools.Length)], time.GetTimestamp(), random.Next(0, 8), random.Next(0, 3));
                        script.Append($"callTool('{call.Tool.Tool}', {{ limit: {call.Limit}, page: {{ ids: " +
                            $"[{string.Join(',', Enumerable.Repeat(1, call.Ids))}] }} }}), ");
                        string? rule = SequenceModel.Judge(rules, model, call);
                        if (rule is null) model.Add(call);
                        expected += rule is null ? "1" : "TOOL_SEQUENCE_BLOCKED";
                    }

                    script.Append("]));\n");
                }

                ExecutionResult result = await Within.Deadline(
                    host.RunAsync($"{script}return all.map((one) => one.value ?? one.reason.code).join('')"), $"answer of seed {seed}, run {run}");

                Assert.True(result.Success, result.Error?.Message);
                Assert.Equal(expected, result.Value.AsString());
                made += model.Count;
                refused += (int)id - model.Count;
            }
        }

        Assert.True(made > 200 && refused > 200, $"{made} made, {refused} refused");
    }

    /// <summary>If a refusal names an earlier call as its reason, that call is one.</summary>
    private static void AssertExplained(SequenceFinding finding, SequencePolicyOptions rules, List<ModelCall> past, ModelCall call)
    {
        Assert.Contains($"rule {finding.Rule}", finding.Why, StringComparison.Ordinal);
        int at = finding.Why.IndexOf(" call ", StringComparison.Ordinal);
        if (at < 0)
        {
            Assert.Equal("Bulk", finding.Rule);
            Assert.Contains(call.Tool.BulkLimits, (limit) => call.Amount(limit.Path) > limit.Most);
            return;
        }

        uint id = uint.Parse(finding.Why[(at + 6)..finding.Why.IndexOf(' ', at + 6)], CultureInfo.InvariantCulture);
        ModelCall culprit = past.Single((earlier) => earlier.Id == id);
        Assert.Contains($"call {id} ({culprit.Tool.Tool})", finding.Why, StringComparison.Ordinal);
        Assert.NotNull(SequenceModel.Judge(rules with { MaxCallsPerTool = 1 }, [culprit with { Limit = 99, Ids = 99, Tool = OneCall(culprit.Tool) }],
            call with { Tool = OneCall(call.Tool) }));
    }

    private static EffectDeclaration OneCall(EffectDeclaration tool) => Declare([], tool.Tool, new ToolOptions
    {
        Effects = tool.Effects,
        Labels = tool.Labels,
        ClearedFor = tool.ClearedFor,
        Resource = tool.Resource,
        BulkLimits = tool.BulkLimits.ToDictionary((limit) => limit.Path, (limit) => limit.Most),
        MaxCallsPerWindow = 1,
    });

    private static SequencePolicyOptions Rules(Random random) => new()
    {
        ReadThenSend = Window(random),
        Bulk = Window(random),
        RapidEnumeration = Window(random),
        DeleteAfterAccess = Window(random),
        MaxCallsPerTool = random.Next(1, 12),
    };

    private static TimeSpan? Window(Random random) => random.Next(5) == 0 ? null : s_windows[random.Next(s_windows.Length)];

    /// <summary>Also exactly one window, and one tick more.</summary>
    private static TimeSpan Step(Random random) => random.Next(8) switch
    {
        0 or 1 or 2 => TimeSpan.Zero,
        3 => TimeSpan.FromTicks(1),
        4 => TimeSpan.FromSeconds(1),
        5 => TimeSpan.FromSeconds(1) + TimeSpan.FromTicks(1),
        6 => TimeSpan.FromSeconds(5),
        _ => TimeSpan.FromMilliseconds(random.Next(1, 3000)),
    };

    private static EffectDeclaration[] Tools(Random random, ToolCollection? registry = null) => [.. Enumerable.Range(0, 5).Select((n) =>
    {
        // At least one effect, so that each is checked.
        var effects = (ToolEffects)random.Next(1, 16);
        return Declare(registry ?? [], $"tool{n}", new ToolOptions
        {
            Effects = effects,
            Labels = effects.HasFlag(ToolEffects.Reads) ? Some(random) : [],
            ClearedFor = effects.HasFlag(ToolEffects.Sends) ? Some(random) : [],
            Resource = random.Next(3) == 0 ? null : s_resources[random.Next(2)],
            BulkLimits = random.Next(4) switch
            {
                0 => new Dictionary<string, long> { ["limit"] = random.Next(0, 20) },
                1 => new Dictionary<string, long> { ["limit"] = random.Next(5, 30), ["page.ids"] = random.Next(0, 6) },
                _ => new Dictionary<string, long>(),
            },
            MaxCallsPerWindow = random.Next(3) == 0 ? random.Next(1, 8) : null,
        });
    })];

    private static string[] Some(Random random) => [.. s_labels.Where((_) => random.Next(3) == 0)];

    private static EffectDeclaration Declare(ToolCollection registry, string name, ToolOptions options) =>
        EffectDeclaration.Of(
            registry.Add(name, (ScriptValue _, ToolContext _, CancellationToken _) => Task.FromResult(1), options).Single((tool) => tool.Name == name))!;
}
