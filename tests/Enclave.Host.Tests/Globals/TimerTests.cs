using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Globals;

/// <summary>Timers: they wait in the worker, end with their run, and stay within its limits.</summary>
public sealed class TimerTests
{
    [Fact]
    public async Task A_timer_that_is_left_ends_with_its_run_and_never_fires_in_another()
    {
        await using EnclaveHost host = Open(workers: 1);
        ExecutionResult first = await host.RunAsync(
            "setInterval(() => { console.log('late'); globalThis.leak = 1; }, 1); setTimeout(() => { throw new Error('late'); }, 5); " +
            "AbortSignal.timeout(5); return 1");

        ExecutionResult second = await host.RunAsync("await new Promise((done) => setTimeout(done, 60)); return [typeof leak, setTimeout(() => 1, 1)]");

        Assert.True(first.Success && second.Success, $"{first.Error?.Message} {second.Error?.Message}");
        Assert.Equal("""["undefined",2]""", second.Value.ToJsonString());
        Assert.Equal("", first.Stdout + second.Stdout);
        Assert.Equal(first.Stats.WorkerId, second.Stats.WorkerId);
    }

    [Fact]
    public async Task A_timer_waits_without_the_processor_and_without_tool_calls()
    {
        await using EnclaveHost host = Open();

        ExecutionResult result = await host.RunAsync(
            "for (let i = 0; i < 20; i++) await new Promise((done) => setTimeout(done, 20)); return 1",
            new RunOptions { CpuTimeout = TimeSpan.FromMilliseconds(200) });

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(0, result.Stats.ToolCallCount);
        Assert.True(result.Stats.Duration >= TimeSpan.FromMilliseconds(380), $"{result.Stats.Duration}");
    }

    [Fact]
    public async Task Answers_of_tools_come_between_timers_and_a_cancel_ends_a_run_that_waits()
    {
        await using EnclaveHost host = Open();
        ExecutionResult result = await host.RunAsync(
            "let n = 0; const again = () => { n++; setImmediate(again); }; again(); return [await callTool('wait', {}), n > 0]");
        Assert.Equal("""["waited",true]""", result.Value.ToJsonString());

        string[] waiting = ["await new Promise((done) => setTimeout(done, 1e6))", "const f = () => setImmediate(f); f(); await new Promise(() => {})"];
        foreach (string code in waiting)
        {
            using var cancel = new CancellationTokenSource();
            Task<ExecutionResult> running = host.RunAsync($"console.log('begun'); {code}", new RunOptions { OnConsole = (_) => cancel.Cancel() }, cancel.Token);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Within.Deadline(running, code));
        }

        Assert.True((await host.RunAsync("return 1")).Success);
    }

    [Theory]
    [InlineData("const f = () => setTimeout(f, 0); f(); await new Promise(() => {})", ErrorCode.Timeout)]
    [InlineData("setInterval(() => 1, 1); await new Promise(() => {})", ErrorCode.Timeout)]
    [InlineData("const f = () => setImmediate(f); f(); await new Promise(() => {})", ErrorCode.Timeout)]
    [InlineData("setTimeout(() => { for (;;); }, 1); await new Promise(() => {})", ErrorCode.MaxIterations)]
    [InlineData("setTimeout(() => { [1].map(function f() { return [1].map(f); }); }, 1); await new Promise(() => {})", ErrorCode.RuntimeError)]
    [InlineData("for (let i = 0; i < 1e6; i++) setTimeout(() => 1, 1e6); return 1", ErrorCode.RuntimeError)]
    [InlineData("const a = []; setInterval(() => a.push(new Array(1e6).fill(1)), 1); await new Promise(() => {})", ErrorCode.MemoryLimitExceeded)]
    [InlineData("setTimeout(() => { throw new RangeError('in a timer'); }, 1); await new Promise(() => {})", ErrorCode.RuntimeError)]
    [InlineData("setTimeout(() => Promise.reject(new Error('a')), 1); await new Promise((done) => setTimeout(done, 20)); return 1", ErrorCode.RuntimeError)]
    [InlineData("clearTimeout(setTimeout(() => 1, 50)); await new Promise(() => {})", ErrorCode.RuntimeError)]
    [InlineData("queueMicrotask(() => { throw new Error('in a microtask'); }); return 1", ErrorCode.RuntimeError)]
    [InlineData("new EventTarget().dispatchEvent({ __proto__: Event.prototype }); return 1", ErrorCode.RuntimeError)]
    [InlineData("const t = new EventTarget(); t.addEventListener('a', () => { throw new Error('x'); }); t.dispatchEvent(new Event('a')); return 1",
        ErrorCode.RuntimeError)]
    [InlineData("const { signal } = new AbortController(); AbortSignal.any((function* () { for (;;) yield signal; })()); return 1", ErrorCode.MaxIterations)]
    [InlineData("const f = () => queueMicrotask(f); f(); await new Promise(() => {})", ErrorCode.Timeout)]
    public async Task None_goes_beyond_the_limits_of_its_run(string code, ErrorCode expected)
    {
        await using EnclaveHost host = Open(workers: 1);

        ExecutionResult result = await Within.Deadline(host.RunAsync(code, new RunOptions { Timeout = TimeSpan.FromSeconds(2) }), code);

        Assert.Equal((expected, ""), (result.Error?.Code, result.Stdout));
        Assert.True((await host.RunAsync("await new Promise((done) => setTimeout(done, 5)); return 1")).Success);
    }

    [Theory]
    [InlineData("return [setTimeout, setInterval].map((f) => f(() => 1, { valueOf() { throw new Error('getter'); } }))", "getter")]
    [InlineData("await callTool('enclave:timer', { duration: 1 })", "is no tool")]
    [InlineData("crypto.getRandomValues({ __proto__: Uint8Array.prototype, length: 5 })", "typed array of integers")]
    [InlineData("crypto.getRandomValues(new Uint8Array(65537))", "at most 65536 bytes")]
    [InlineData("const a = new Uint8Array(8); a.buffer.transfer(); crypto.getRandomValues(a); throw new Error('detached: ' + a.length)", "detached: 0")]
    [InlineData("await crypto.subtle.digest({ get name() { throw new Error('getter'); } }, new Uint8Array(1))", "getter")]
    [InlineData("AbortSignal.any([{ __proto__: AbortSignal.prototype }])", "iterable of signals")]
    [InlineData("new Blob({ [Symbol.iterator]: () => ({ next() { throw new Error('iterator'); } }) })", "iterator")]
    public async Task A_wrong_argument_is_an_error_of_the_script(string code, string words)
    {
        await using EnclaveHost host = Open();

        ExecutionResult result = await Within.Deadline(host.RunAsync(code), code);

        Assert.Equal(ErrorCode.RuntimeError, result.Error?.Code);
        Assert.Contains(words, result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_script_changes_in_the_language_does_not_reach_them()
    {
        await using EnclaveHost host = Open();

        ExecutionResult result = await host.RunAsync(
            """
            const broken = () => { throw new Error('replaced'); };
            for (const type of [Array, Map, Set, Promise, Math, Number, Uint8Array.__proto__, Int32Array, Uint8Array]) {
              for (const key of Object.getOwnPropertyNames(type.prototype ?? type)) {
                if (key !== 'constructor' && key !== 'then' && typeof Object.getOwnPropertyDescriptor(type.prototype ?? type, key).value === 'function') {
                  Object.defineProperty(type.prototype ?? type, key, { value: broken, writable: true, configurable: true });
                }
              }
            }
            Object.prototype.get = Object.prototype.value = Object.prototype.due = Object.prototype.writable = 5;
            let n = 0;
            const controller = new AbortController();
            controller.signal.addEventListener('abort', () => { n += 10; });
            setTimeout(() => { n++; }, 1);
            Object.defineProperty(Promise.prototype, 'constructor', { __proto__: null, get: broken, configurable: true });
            queueMicrotask(() => { n += 100; });
            Object.defineProperty(Promise.prototype, 'constructor', { __proto__: null, value: Promise });
            const id = setInterval(() => { n += 1000; clearInterval(id); controller.abort(); }, 1);
            AbortSignal.any([controller.signal]);
            const bytes = crypto.getRandomValues(new Uint8Array(4));
            const uuid = crypto.randomUUID();
            const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
            await new Promise((done) => setTimeout(done, 30));
            return [n, uuid.length, digest.length];
            """);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("[1111,36,32]", result.Value.ToJsonString());
    }

    [Fact]
    public async Task Random_values_of_two_runs_have_nothing_in_common()
    {
        await using EnclaveHost host = Open(workers: 1);
        var seen = new HashSet<string>();

        for (int i = 0; i < 50; i++)
        {
            ExecutionResult result = await host.RunAsync("return [crypto.randomUUID(), crypto.getRandomValues(new BigUint64Array(1))[0].toString()]");
            foreach (var value in result.Value.Items) Assert.True(seen.Add(value.AsString()), "twice the same");
        }
    }

    [Fact]
    public async Task A_library_has_neither_timers_nor_randomness_while_it_is_evaluated()
    {
        const string Source = """
            const bytes = new Uint8Array(1);
            const tries = [() => setTimeout(() => 1, 1), () => setImmediate(() => 1), () => crypto.randomUUID(), () => crypto.getRandomValues(bytes)];
            const failed = tries.filter((f) => { try { f(); return false; } catch { return true; } }).length;
            module.exports = { failed, at: performance.now(), id: () => crypto.randomUUID() };
            """;
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            Libraries = [new Library("tried", Source)],
        });
        const string Code = "return [tried.failed, tried.at, tried.id(), await new Promise((done) => setTimeout(done, 5, 'timer'))]";

        ExecutionResult one = await host.RunAsync(Code), two = await host.RunAsync(Code);

        Assert.True(one.Success, one.Error?.Message);
        Assert.Equal((4, 0, "timer"), (one.Value.Items[0].AsInt32(), one.Value.Items[1].AsInt32(), one.Value.Items[3].AsString()));
        Assert.NotEqual(one.Value.Items[2].AsString(), two.Value.Items[2].AsString());
    }

    private static EnclaveHost Open(int workers = 2)
    {
        var options = new EnclaveOptions
        {
            Preset = GuardPreset.JavaScript,
            AllowDegradedIsolation = Enum.GetValues<IsolationLayer>(),
            WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = workers, MaxWorkers = workers },
            MaxIterations = 1_000_000,
        };
        options.ToolHandler = async (_, _, context) =>
        {
            await Task.Delay(20, context.CancellationToken);
            return "waited";
        };
        return new EnclaveHost(options);
    }
}
