using System.Threading.Channels;
using Enclave.Guard;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>One script for many inputs.</summary>
public sealed class ManyRunTests : IAsyncDisposable
{
    private static readonly RunOptions s_whole = new() { Preset = GuardPreset.JavaScript };

    private readonly EnclaveHost _host = new(new EnclaveOptions { VerboseErrors = true });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("input * 2")]
    [InlineData("return input > 5 ? 'large' : 'small'")]
    [InlineData("if (input % 3 === 0) throw new RangeError('three at ' + input); return input")]
    [InlineData("\n\nreturn input.missing.member")]
    [InlineData("return undefined")]
    [InlineData("return input === 4 ? undefined : [input, { at: input }, new Date(input), 10n, new Uint8Array([input])]")]
    [InlineData("return input === 4 ? () => 1 : input")]
    [InlineData("return input === 4 ? Symbol('a') : input")]
    [InlineData("const input2 = await Promise.resolve(input); return input2 + 1")]
    [InlineData("return Promise.resolve(input)")]
    [InlineData("if (input === 2) await Promise.reject(new TypeError('no')); return input")]
    [InlineData("if (input === 6) Promise.reject(new Error('lost')); return input")]
    [InlineData("const input = 3; return input")]
    [InlineData("let sum = 0; for (let i = 0; i < input; i++) { sum += i; } sum")]
    [InlineData("function twice(x) { return x * 2 } return twice(twice(input))")]
    [InlineData("let a = [3]; a.push(input); return a // the last line")]
    [InlineData("if (input === 1) await new Promise(() => {}); return input")]
    [InlineData("throw input")]
    [InlineData("throw { code: 'E' + input }")]
    public async Task Each_input_has_the_answer_of_a_run_of_its_own(string code)
    {
        InputResult[] together = await Collect(_host.RunManyAsync(code, Enumerable.Range(0, 12), new RunManyOptions { Run = s_whole }));

        Assert.Equal(12, together.Length);
        for (int i = 0; i < 12; i++)
        {
            ExecutionResult alone = await _host.RunAsync(code, s_whole with { Globals = new Dictionary<string, object?> { ["input"] = i } });
            Assert.Equal(i, together[i].Index);
            Assert.Equal(alone.Value.ToString(), together[i].Value.ToString());
            Assert.Equal((alone.Error?.Code, alone.Error?.Name, alone.Error?.Message, alone.Error?.Stack),
                (together[i].Error?.Code, together[i].Error?.Name, together[i].Error?.Message, together[i].Error?.Stack));
        }
    }

    [Fact]
    public async Task One_input_that_never_ends_costs_its_own_time_alone()
    {
        RunOptions run = s_whole with { Timeout = TimeSpan.FromMilliseconds(300), MaxIterations = 1_000_000_000 };
        InputResult[] results = await Collect(_host.RunManyAsync(
            "for (let i = 0; input === 700 || i < 3; i++) { } return input", Enumerable.Range(0, 1000), new RunManyOptions { Run = run }));

        Assert.Equal(1000, results.Length);
        Assert.Equal([700], results.Where((result) => !result.Success).Select((result) => (int)result.Index));
        Assert.Equal(ErrorCode.Timeout, results[700].Error!.Code);
        Assert.Contains("300", results[700].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(999, results[999].Value.AsDouble());
    }

    [Theory]
    [InlineData("const kept = []; for (let i = 0; input === 40 && i < 1e7; i++) kept.push('x'.repeat(99) + i)", ErrorCode.MemoryLimitExceeded)]
    [InlineData("for (let i = 0; input === 40 && i < 1e9; i++) { } return 0", ErrorCode.MaxIterations)]
    [InlineData("return input === 40 ? 'x'.repeat(2e7) : 0", ErrorCode.OutputLimit)]
    public async Task One_input_above_a_limit_leaves_the_others_their_values(string code, ErrorCode expected)
    {
        InputResult[] results = await Collect(_host.RunManyAsync(
            code, Enumerable.Range(0, 200), new RunManyOptions { Run = s_whole with { MaxIterations = 10_000_000, MemoryLimit = 32 << 20 } }));

        Assert.Equal([40], results.Where((result) => !result.Success).Select((result) => (int)result.Index));
        Assert.Equal(expected, results[40].Error!.Code);
    }

    [Fact]
    public async Task Iterations_are_counted_for_each_input()
    {
        InputResult[] results = await Collect(_host.RunManyAsync(
            "let n = 0; for (const x of input) { for (const y of input) { n += y } } return n", Enumerable.Repeat(Enumerable.Range(0, 60).ToArray(), 500),
            new RunManyOptions { Run = new RunOptions { MaxIterations = 100 } }));

        Assert.All(results, (result) => Assert.True(result.Success, result.Error?.Message));
    }

    [Theory]
    [InlineData("if (input % 5 === 0) { await callTool('count', { input }); throw new Error('after') } return await callTool('count', { input })")]
    [InlineData("const { count } = tools; await count({ input }); if (input % 5 === 0) throw new Error('after'); return 1")]
    public async Task A_tool_is_called_once_for_each_input(string code)
    {
        var calls = new List<int>();
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            Tools = { { "count", (Counted args) => { lock (calls) calls.Add(args.Input); return args.Input; } } },
        });

        InputResult[] results = await Collect(host.RunManyAsync(code, Enumerable.Range(0, 30)));

        Assert.Equal(6, results.Count((result) => !result.Success));
        Assert.Equal(Enumerable.Range(0, 30), calls.Order());
    }

    [Fact]
    public async Task Lines_are_printed_once_for_each_input()
    {
        var lines = new List<string>();
        RunOptions run = new() { OnConsole = (line) => { lock (lines) lines.Add(line.Text); } };
        const string Code = "console.log(input); if (input === 3) throw new Error('x')";
        await Collect(_host.RunManyAsync(Code, Enumerable.Range(0, 8), new RunManyOptions { Run = run }));

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7"], lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_fresh_realm_has_nothing_of_the_input_before(bool isFresh)
    {
        InputResult[] results = await Collect(_host.RunManyAsync(
            "const seen = [].seen; Array.prototype.seen = input; return seen ?? 'nothing'", Enumerable.Range(0, 20),
            new RunManyOptions { FreshRealm = isFresh, Run = s_whole }));

        if (isFresh) Assert.All(results, (result) => Assert.Equal("nothing", result.Value.ToObject()));
        else Assert.Contains(results, (result) => result.Value.ToString() != "nothing");
    }

    [Fact]
    public async Task An_answer_does_not_wait_for_the_next_input()
    {
        var source = Channel.CreateUnbounded<object?>();
        await using IAsyncEnumerator<InputResult> results = _host
            .RunManyAsync("return input + 1", source.Reader.ReadAllAsync(), new RunManyOptions { Concurrency = 4 }).GetAsyncEnumerator();
        for (int i = 0; i < 5; i++)
        {
            source.Writer.TryWrite(i);
            Assert.True(await Within.Deadline(results.MoveNextAsync().AsTask(), "the answer"));
            Assert.Equal(i + 1, results.Current.Value.AsDouble());
        }

        source.Writer.Complete();
        Assert.False(await Within.Deadline(results.MoveNextAsync().AsTask(), "the end"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Results_keep_the_order_of_inputs(int concurrency)
    {
        InputResult[] results = await Collect(_host.RunManyAsync(
            "let n = 0; for (const x of input.items) { n += x } return n + input.at", Enumerable.Range(0, 5000)
                .Select((i) => new { items = Enumerable.Range(0, i % 97).ToArray(), at = i }), new RunManyOptions { Concurrency = concurrency }));

        Assert.Equal(
            Enumerable.Range(0, 5000).Select((i) => (double)i + Enumerable.Range(0, i % 97).Sum()), results.Select((result) => result.Value.AsDouble()));
    }

    [Fact]
    public async Task A_cancelled_enumeration_throws_and_its_host_goes_on()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (InputResult result in _host.RunManyAsync("return input", Forever(), cancellationToken: cancel.Token))
            {
                if (result.Index == 100) await cancel.CancelAsync();
            }
        });

        Assert.Equal("2", (await _host.RunAsync("return 1 + 1")).Value.ToString());
    }

    [Fact]
    public async Task Inputs_beyond_the_total_time_end_without_a_run()
    {
        var clock = new ManualClock();
        await using var host = new EnclaveHost(new EnclaveOptions { TimeProvider = clock });
        var results = new List<InputResult>();
        await foreach (InputResult result in host.RunManyAsync(
            "return input", Enumerable.Range(0, 100_000), new RunManyOptions { TotalTimeout = TimeSpan.FromMinutes(1) }))
        {
            results.Add(result);
            if (result.Index == 0) clock.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(100_000, results.Count);
        Assert.True(results[0].Success);
        Assert.Equal(ErrorCode.Timeout, results[^1].Error!.Code);
        Assert.Contains("TotalTimeout", results[^1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_script_says_so_for_each_input()
    {
        InputResult[] results = await Collect(_host.RunManyAsync("return eval('1')", new[] { 1, 2 }));

        Assert.Equal([ErrorCode.ValidationError, ErrorCode.ValidationError], results.Select((result) => result.Error!.Code));
    }

    [Fact]
    public async Task Wrong_options_and_inputs_are_named()
    {
        await Refuses("Concurrency", new RunManyOptions { Concurrency = 0 });
        await Refuses("TotalTimeout", new RunManyOptions { TotalTimeout = TimeSpan.Zero });
        await Refuses("RunId", new RunManyOptions { Run = new RunOptions { RunId = "one" } });
        await Refuses("Record", new RunManyOptions { Run = new RunOptions { Record = true } });
        await Refuses("InputName", new RunManyOptions { Run = new RunOptions { Globals = new Dictionary<string, object?> { ["input"] = 1 } } });
        await Refuses("class", new RunManyOptions { InputName = "class" });
        await Refuses("__ag_inputs", new RunManyOptions { InputName = "__ag_inputs" });
        await Refuses("Timeout", new RunManyOptions { Run = new RunOptions { Timeout = TimeSpan.FromDays(-1) } });

        ArgumentException fault = await Assert.ThrowsAsync<ArgumentException>(() =>
            Collect(_host.RunManyAsync("return 1", new object?[] { 1, new { f = (Func<int>)(() => 1) } })));
        Assert.StartsWith("Input 1 is not data", fault.Message, StringComparison.Ordinal);
    }

    private async Task Refuses(string named, RunManyOptions options)
    {
        ArgumentException fault = await Assert.ThrowsAnyAsync<ArgumentException>(() => Collect(_host.RunManyAsync("return 1", new[] { 1 }, options)));
        Assert.Contains(named, fault.Message, StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<object?> Forever()
    {
        for (int i = 0; ; i++)
        {
            await Task.CompletedTask;
            yield return i;
        }
    }

    private static async Task<InputResult[]> Collect(IAsyncEnumerable<InputResult> results)
    {
        var all = new List<InputResult>();
        await foreach (InputResult result in results) all.Add(result);
        return [.. all];
    }

    private sealed record Counted(int Input);
}
