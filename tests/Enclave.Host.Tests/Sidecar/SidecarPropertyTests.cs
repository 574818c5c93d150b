using Enclave.Protocol;
using Enclave.Protocol.Tests.Values;
using Enclave.Protocol.Values;
using Enclave.Sidecar;
using Enclave.Tests;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>The properties that hold for every value that is moved to the sidecar and back.</summary>
public sealed class SidecarPropertyTests
{
    private static int Count => TestSize.Of(100, full: 2000);

    [Fact]
    public async Task A_value_of_a_tool_reaches_another_tool_and_the_caller_as_it_was()
    {
        await using var bench = new SidecarBench((options) => options with { MaxReferences = 100_000 });
        int lifted = 0, nested = 0;
        foreach (ScriptValue value in Values(seed: 1, Count))
        {
            ReferenceRun run = bench.Begin();
            ScriptValue seen = await SidecarBench.Give(run, value);
            lifted += seen.HasReference ? 1 : 0;

            Assert.Equal(value, await SidecarBench.Take(run, seen));
            ScriptValue loaded = seen.Kind == ScriptValueKind.Reference ? await SidecarBench.Load(run, seen) : seen;
            nested += loaded.HasReference && seen.Kind == ScriptValueKind.Reference ? 1 : 0;
            Assert.Equal(value, await SidecarBench.Take(run, loaded));
            Assert.Equal(value, (await SidecarBench.End(run, seen)).Value);
        }

        // The property would prove nothing if no value was moved, or no value inside a moved one.
        Assert.True(lifted > Count / 4 && nested > 0, $"{lifted} of {Count} values were lifted, {nested} of them with references inside");
        await bench.IsEmpty();
    }

    [Fact]
    public async Task Values_that_reach_a_script_are_below_the_threshold_and_small_ones_are_left_alone()
    {
        await using var bench = new SidecarBench((options) => options with { MaxReferences = 100_000 });
        foreach (ScriptValue value in Values(seed: 2, Count))
        {
            ReferenceRun run = bench.Begin();
            ScriptValue seen = await run.LiftAsync(value, CancellationToken.None);

            Assert.True(EncodedSize.Of(seen) < 1024, $"{EncodedSize.Of(seen)} bytes reach the script");
            if (EncodedSize.Of(value) < 1024) Assert.Same(value, seen);
            else Assert.True(seen.HasReference);
            await SidecarBench.End(run, ScriptValue.Null);
        }
    }

    [Fact]
    public async Task A_token_is_the_value_for_its_tenant_and_nothing_for_others()
    {
        // References live until their time is over. Each part needs its own store, because one for all would be full.
        foreach (ScriptValue[] part in Values(seed: 3, Count).Where((value) => EncodedSize.Of(value) >= 1024).Chunk(100))
        {
            await using var bench = new SidecarBench((options) => options with { MaxReferences = 100_000, ReturnedReferences = ReturnedReferences.Token });
            foreach (ScriptValue value in part) await AssertOpensFor(bench, value);
        }
    }

    private static async Task AssertOpensFor(SidecarBench bench, ScriptValue value)
    {
        ReferenceRun run = bench.Begin("acme");
        ExecutionResult result = await SidecarBench.End(run, await SidecarBench.Give(run, value));
        var opened = new Dictionary<string, ScriptValue>();
        var tokens = new List<string>();
        ReferenceRewriting.Visit(result.Value, (token, _) => tokens.Add(token.Id));
        foreach (string token in tokens)
        {
            opened[token] = (await bench.Open(token, "acme"))!;
            Assert.Null(await bench.Open(token, "umbrella"));
            Assert.Null(await bench.Open(token));
        }

        Assert.Equal(value, ReferenceRewriting.Rewrite(result.Value, (token) => opened[token.Id]));
    }

    [Fact]
    public async Task Runs_at_once_keep_their_values_apart()
    {
        await using var bench = new SidecarBench((options) => options with { MaxReferences = 100_000 });
        ScriptValue[] values = [.. Values(seed: 4, Count)];
        await Parallel.ForEachAsync(values, TestContext.Current.CancellationToken, async (value, _) =>
        {
            ReferenceRun run = bench.Begin("acme"), other = bench.Begin("acme");
            ScriptValue seen = await SidecarBench.Give(run, value);
            if (seen.HasReference) Assert.Equal("REFERENCE_NOT_FOUND", await SidecarBench.CodeOf(() => SidecarBench.Take(other, seen)));
            Assert.Equal(value, (await SidecarBench.End(run, seen)).Value);
            await SidecarBench.End(other, ScriptValue.Null);
        });

        await bench.IsEmpty();
    }

    /// <summary>Values of every kind, with large members at every depth.</summary>
    private static IEnumerable<ScriptValue> Values(int seed, int count)
    {
        var random = new Random(seed);
        var small = new ValueGenerator(random);
        for (int i = 0; i < count; i++) yield return Value(random, small, depth: 0);
    }

    private static ScriptValue Value(Random random, ValueGenerator small, int depth)
    {
        switch (random.Next(depth < 4 ? 8 : 4))
        {
            case 0:
                return ScriptValue.From(new string((char)random.Next(32, 0x3000), random.Next(5000)));
            case 1:
                byte[] bytes = new byte[random.Next(5000)];
                random.NextBytes(bytes);
                return ScriptValue.From(bytes);
            case 2 or 3:
                return small.Next(depth);
            case 4 or 5:
                return ScriptValue.OfArray([.. Enumerable.Range(0, random.Next(30)).Select((_) => Value(random, small, depth + 1))]);
            default:
                return SidecarBench.Object([.. Enumerable.Range(0, random.Next(120))
                    .Select((n) => (n == 0 ? small.Text() : $"member {n}", n % 30 == 0 ? Value(random, small, depth + 1) : small.Next(4)))]);
        }
    }
}
