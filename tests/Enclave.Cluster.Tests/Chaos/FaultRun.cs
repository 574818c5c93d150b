using System.Collections.Concurrent;
using Enclave.Cluster.Tests.Load;
using Enclave.Cluster.Tests.Servers;

namespace Enclave.Cluster.Tests.Chaos;

/// <summary>Causes the planned faults in a cluster through its control port, and repairs everything at the end.</summary>
internal sealed class FaultRun(ClusterProcess cluster)
{
    private readonly ConcurrentDictionary<string, PlannedFault> _busy = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Fault> _done = new();
    private readonly ConcurrentQueue<string> _refused = new();

    /// <summary>The faults that were caused.</summary>
    public IReadOnlyList<Fault> Done => [.. _done];

    /// <summary>The requests that the control port refused, and why.</summary>
    public IReadOnlyList<string> Refused => [.. _refused];

    /// <summary>Completes when the last fault is over. A fault is skipped if an earlier one on its part or link lasts longer than expected.</summary>
    public async Task RunAsync(IReadOnlyList<PlannedFault> plan)
    {
        long begun = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(plan.Select(async (fault) =>
        {
            TimeSpan wait = fault.At - TimeProvider.System.GetElapsedTime(begun);
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            if (!_busy.TryAdd(fault.Target, fault))
            {
                _refused.Enqueue($"{fault.Kind} {fault.Target}: another was in force");
                return;
            }

            await DoneAsync(fault);
            _busy.TryRemove(fault.Target, out _);
        }));
    }

    /// <summary>Resumes paused parts, starts stopped ones, and opens all links.</summary>
    public async Task MendAsync()
    {
        foreach (string link in await cluster.LinksAsync()) await cluster.LinkAsync(link, """{"state":"open","delayMs":0,"bytesPerSecond":null}""");
        foreach (ClusterPart part in await cluster.LookAsync())
        {
            if (part.State == "paused") await cluster.DoAsync(part.Name, "resume");
            if (part.State is "dead" or "stopped") await cluster.DoAsync(part.Name, "start");
        }
    }

    private async Task DoneAsync(PlannedFault fault)
    {
        long from = Clock.Now;
        bool isDone = true;
        try
        {
            isDone = await DoAsync(fault);
            if (!isDone) _refused.Enqueue($"{fault.Kind} {fault.Target}: libfaketime is missing: apt-get install -y libfaketime");
        }
        catch (Exception refused) when (refused is ControlException or HttpRequestException or TaskCanceledException)
        {
            // The fault itself was probably caused.
            _refused.Enqueue($"the end of {fault.Kind} {fault.Target}: {(refused.Message.Length > 160 ? refused.Message[..160] : refused.Message)}");
        }

        if (isDone) _done.Enqueue(new Fault(fault.Kind, fault.Target, from, Clock.Now));
    }

    private async Task<bool> DoAsync(PlannedFault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillBroker or FaultKind.KillRuntime or FaultKind.KillPostgres or FaultKind.KillRabbit: await BetweenAsync("kill", "start"); break;
            case FaultKind.StopBroker or FaultKind.RestartPostgres or FaultKind.RestartRabbit: await BetweenAsync("stop", "start"); break;
            case FaultKind.PauseBroker or FaultKind.PauseRuntime or FaultKind.PausePostgres or FaultKind.PauseRabbit:
                await BetweenAsync("pause", "resume"); break;
            case FaultKind.CutLink: await LinkAsync("""{"state":"cut"}""", """{"state":"open"}"""); break;
            case FaultKind.StallLink: await LinkAsync("""{"state":"stalled"}""", """{"state":"open"}"""); break;
            case FaultKind.SlowLink: await LinkAsync("""{"delayMs":100,"bytesPerSecond":40000}""", """{"delayMs":0,"bytesPerSecond":null}"""); break;
            case FaultKind.StepClock: return await cluster.StepClockAsync(fault.Target, fault.Seconds);
        }

        return true;

        async Task BetweenAsync(string begin, string end)
        {
            await cluster.DoAsync(fault.Target, begin);
            await Task.Delay(fault.Length);
            await cluster.DoAsync(fault.Target, end);
        }

        async Task LinkAsync(string begin, string end)
        {
            await cluster.LinkAsync(fault.Target, begin);
            await Task.Delay(fault.Length);
            await cluster.LinkAsync(fault.Target, end);
        }
    }
}
