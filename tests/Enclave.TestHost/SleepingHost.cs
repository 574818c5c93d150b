using System.Diagnostics;
using Enclave.Broker.PostgreSql;

namespace Enclave.TestHost;

/// <summary>
/// Puts durable runs of each kind aside, and dies in the middle of a call of the last one. What it leaves is kept for the tests of later builds
/// (eng/keep-runs.sh, EarlierRuns of the host's tests).
/// </summary>
internal static class SleepingHost
{
    private static readonly (string Name, string? Tenant, string Script)[] s_runs =
    [
        ("sleep", null, """
            const first = [await callTool('note', { text: 'before' }), Math.random() < 1];
            console.log('sleeps');
            await sleep('3d');
            return [first, await callTool('note', { text: 'after' })];
            """),
        ("until", null, "await waitUntil(new Date(Date.now() + 86400000)); return 'woke'"),
        ("signal", "acme", "const { who } = await waitFor('go'); return await callTool('note', { text: who })"),
        ("timeout", null, "try { await waitFor('nobody', { timeout: '2d' }) } catch (e) { return e.code }"),
        ("later", null, """
            try { await callTool('ship', { id: 1 }) } catch (e) { console.log(e.code, e.message) }
            return await callTool('ship', { id: 2 });
            """),
        ("approval", null, "return await callTool('wipe', { text: 'disk' })"),
        ("all", null, """
            const answers = await Promise.all([callTool('note', { text: 'one' }), waitFor('go'), callTool('ship', { id: 3 }), sleep('1d').then(() => 'slept')]);
            return [...answers, await callTool('note', { text: 'two' })];
            """),
        ("over", null, "if (args.round < 2) return continueWith({ round: args.round + 1 }); await waitFor('go'); return args.round"),
        ("answered", null, "return await waitFor('early')"),
        ("ended", null, "console.log('there'); return { when: new Date(0), big: 2n ** 70n, bytes: new Uint8Array([1, 2]) }"),
        ("killed", null, """
            const outcomes = await Promise.allSettled([callTool('again', { text: 'x' }), callTool('stuck', { text: 'y' })]);
            return outcomes.map((one) => one.value ?? one.reason.code);
            """),
    ];

    /// <param name="place">A folder, or a connection string.</param>
    /// <param name="key">The key in hexadecimal digits; none if empty.</param>
    public static async Task Run(string place, string key)
    {
        RunStore store = place.Contains('=', StringComparison.Ordinal) ? new PostgreSqlRunStore(place) : RunStore.InFolder(place);
        var options = new EnclaveOptions
        {
            Durable = new DurableOptions
            {
                Store = store,
                Keys = key.Length == 0 ? [] : [Convert.FromHexString(key)],
                Grace = TimeSpan.Zero,
                Wakes = false,
            },
            OnToolApproval = (_) => new(ToolApproval.Later),
        };
        var stuck = new TaskCompletionSource();
        options.Tools
            .Add("note", (string text) => $"noted {text}")
            .Add("ship", (int id) => ToolResult.Later($"parcel-{id}"))
            .Add("wipe", (string text) => $"wiped {text}", new ToolOptions { RequiresApproval = true })
            .Add("again", async (string text) => await NeverAsync(text), new ToolOptions { Idempotent = true })
            .Add("stuck", async (string text) =>
            {
                stuck.SetResult();
                return await NeverAsync(text);
            });
        var host = new EnclaveHost(options);
        foreach ((string name, string? tenant, string script) in s_runs)
        {
            var run = new RunOptions { Durable = name, Tenant = tenant, Globals = new Dictionary<string, object?> { ["args"] = new { round = 1 } } };
            Task<DurableRun> left = host.StartAsync(script, run);
            if (await Task.WhenAny(left, stuck.Task) == stuck.Task) break;
            DurableRun now = await left;
            // It starts over, and is put aside again.
            if (name == "over") now = await host.ResumeAsync(name);
            if (name == "answered") await host.AnswerAsync(now.Waits[0].Token, "early");
            if (name == "later") await host.AnswerAsync("parcel-1", new ToolException("lost at sea") { Code = "LOST" });
            if (name == "later") now = await host.ResumeAsync(name);
            Console.WriteLine($"{name}: {now.State} {now.Outcome} {string.Join(", ", now.Waits.Select((wait) => $"{wait.Kind} {wait.Name}"))}");
        }

        Process.GetCurrentProcess().Kill();
    }

    private static async Task<string> NeverAsync(string text)
    {
        await Task.Delay(Timeout.Infinite);
        return text;
    }
}
