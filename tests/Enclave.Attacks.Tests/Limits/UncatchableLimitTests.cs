using Enclave.Tests;

namespace Enclave.Attacks.Tests.Limits;

/// <summary>A loop that reaches a limit ends the run with the limit's own code, even inside code that catches errors.</summary>
public sealed class UncatchableLimitTests
{
    private const string Data =
        "const big = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => ['k' + i, i])); const keys = Object.keys(big).slice(0, 900); ";

    // With a nearly full stack nothing can be printed: a script that continues there reaches its timeout instead of a limit of output.
    private const string Overflow = "const f = () => { try { f() } catch { LOOP } LOOP }; f();";

    // BODY stands for the body of the loop.
    private static readonly string[] s_loops =
    [
        "for (;;) { BODY }",
        "for (let i = 0; i < 1e9; i++) { const f = () => i; BODY }",
        "for (const k in big) { BODY }",
        "for (const x of (function* () { while (true) yield 1 })()) { BODY }",
        "for (const x of { [Symbol.iterator]: () => ({ next: () => ({ done: false }), return: () => ({ done: 'alive' }) }) }) { BODY }",
        "while (true) { BODY }",
        "do { BODY } while (true)",
        "a: b: for (;;) { BODY; continue a }",
        "if (1) for (;;) { BODY } else for (;;) {}",
        "switch (1) { case 1: a: while (1) { BODY; continue a } }",
        "for (;;) { try { BODY } catch {} finally { continue } }",
        "keys.forEach(() => keys.forEach(() => { BODY }));",
        "const [...all] = (function* () { for (;;) { BODY; yield 1 } })();",
    ];

    // LOOP stands for a loop.
    private static readonly string[] s_places =
    [
        "LOOP",
        "try { LOOP } catch { return 'alive' } finally { return 'alive' }",
        "for (let n = 0; n < 3; n++) { try { LOOP } catch { continue } finally { continue } }",
        "await Promise.resolve().then(() => { LOOP }).catch(() => 'alive').finally(() => 'alive');",
        "await Promise.allSettled([(async () => { LOOP })(), (async () => { await null; LOOP })()]);",
        "await Promise.race([new Promise((r) => r('alive')), (async () => { await null; LOOP })()]); await callTool('echo', {});",
        "const g = (function* () { try { LOOP; yield 1 } finally { yield 'alive' } })(); try { g.next() } catch {} g.return(1);",
        "const g = (async function* () { try { yield 1 } finally { LOOP } })(); await g.next(); try { await g.return(1) } catch {}",
        "for (const x of { [Symbol.iterator]: () => ({ next: () => ({ done: false }), return: () => { LOOP } }) }) break;",
        "try { new Proxy({}, { get: () => { LOOP } }).x } catch {}",
        "try { new Proxy({}, { ownKeys: () => { LOOP } }); Object.keys(new Proxy({}, { ownKeys: () => { LOOP } })) } catch {}",
        "try { ({ get x() { LOOP } }).x } catch {}",
        "try { JSON.stringify({ toJSON() { LOOP } }) } catch {}",
        "try { big[{ toString() { LOOP; return 'x' } }] } catch {}",
        "try { await callTool('echo', { get a() { LOOP } }) } catch {}",
        "try { [2, 1].sort(() => { LOOP }) } catch {}",
        "try { class A { static { LOOP } } } catch {}",
        "try { new (class { x = (() => { LOOP })() })() } catch {}",
        "try { using d = { [Symbol.dispose]() { LOOP } }; throw 1 } catch {}",
        "await { then(r) { try { LOOP } catch {} r('alive') } };",
        "try { ((s, v) => v)`${(() => { LOOP })()}` } catch {}",
        "await parallel([1, 2], async () => { try { LOOP } catch {} }).catch(() => {});",
        "await parallel([() => { LOOP }, () => { LOOP }]).catch(() => {});",
        "return { get x() { LOOP; return 'alive' } };",
        "throw { get message() { LOOP; return 'alive' } };",
        "throw new Proxy({}, { get() { LOOP; return 'alive' } });",
        "await callTool('echo', {}).then(() => { LOOP }, () => 'alive');",
        Overflow,
    ];

    public static TheoryData<ErrorCode, string> Limits => new()
    {
        { ErrorCode.MaxIterations, "" },
        { ErrorCode.MaxToolCalls, "try { callTool('echo', {}).catch(() => {}) } catch {}" },
        { ErrorCode.OutputLimit, "console.log('x');" },
        { ErrorCode.Timeout, "for (;;) {}" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task A_limit_ends_the_run_wherever_it_is_met(ErrorCode limit, string body)
    {
        var options = new EnclaveOptions
        {
            Validate = false,
            Adapter = EnclaveAdapter.WorkerPool,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 0, MaxWorkers = 2, MaxQueueSize = 1_000, QueueTimeout = TimeSpan.FromMinutes(2) },
            Timeout = limit == ErrorCode.Timeout ? TimeSpan.FromMilliseconds(60) : TimeSpan.FromSeconds(10),
            MaxIterations = limit == ErrorCode.MaxIterations ? 1_000 : 1_000_000_000,
            MaxToolCalls = limit == ErrorCode.MaxToolCalls ? 3 : 1_000,
            MaxConsoleCalls = limit == ErrorCode.OutputLimit ? 10 : 1_000,
            ToolHandler = static (_, args, _) => new(args),
        };
        await using var host = new EnclaveHost(options);
        string[] programs = [.. Programs(limit, body)];

        ExecutionResult[] results = await Task.WhenAll(programs.Select((program) => host.RunAsync(program)));

        List<string> wrong = [];
        for (int i = 0; i < programs.Length; i++)
        {
            ExecutionResult result = results[i];
            bool isUnprintable = limit == ErrorCode.OutputLimit && programs[i].Contains("try { f() }", StringComparison.Ordinal);
            bool ended = result.Error?.Code == limit || (isUnprintable && result.Error?.Code == ErrorCode.Timeout);
            if (!ended) wrong.Add($"{result.Error?.Code} {result.Error?.Message} {result.Value}\n    {programs[i][Data.Length..]}");
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {programs.Length}\n{string.Join('\n', wrong)}");
    }

    // Each loop and each place once. In the full run, every pair.
    private static IEnumerable<string> Programs(ErrorCode limit, string body)
    {
        bool all = TestSize.Full;
        foreach (string place in s_places)
        {
            foreach (string loop in s_loops)
            {
                if (!all && place != s_places[0] && loop != s_loops[0]) continue;
                yield return Data + place.Replace("LOOP", loop.Replace("BODY", body, StringComparison.Ordinal), StringComparison.Ordinal) + " return 'alive';";
            }
        }
    }
}
