using System.Text;
using Enclave.Broker.PostgreSql;
using Enclave.Protocol;

namespace Enclave.TestHost;

/// <summary>
/// A host that goes on with durable runs in a database until it is killed. Its tools write a line in a ledger before anything else: <c>step</c> for a call
/// that must not be made twice, <c>again</c> for one that may; both can be undone. Prints "ready" when it looks for runs.
/// </summary>
internal static class WakingHost
{
    /// <param name="connection">Connects to the database.</param>
    /// <param name="ledgers">The folder of ledgers: each host has one.</param>
    /// <param name="lease">How long it has its runs without a heartbeat.</param>
    public static async Task Run(string connection, string ledgers, TimeSpan lease)
    {
        // Not shared: .NET appends by writing at the end that it knows.
        await using var ledger = new FileStream(Path.Combine(ledgers, $"{Environment.ProcessId}"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 0);
        await using var store = new PostgreSqlRunStore(connection) { Lease = lease };
        var options = new EnclaveOptions
        {
            WorkerPool = new WorkerPoolOptions { MinWorkers = 2, MaxWorkers = 4, StartTimeout = TimeSpan.FromMinutes(1) },
            Durable = new DurableOptions { Store = store, Keys = [new byte[32]], Grace = TimeSpan.Zero, MaxWaking = 32 },
            TimeProvider = new SteppedClock(),
        };
        options.Tools.Add("step", (string run, int i) => Write($"{run} step {i}"), new ToolOptions { Compensate = Undo("step") });
        options.Tools.Add("again", (string run, int i) => Write($"{run} again {i}"), new ToolOptions { Idempotent = true, Compensate = Undo("again") });
        await using var host = new EnclaveHost(options);
        await host.WarmUpAsync();
        Console.WriteLine("ready");
        await Task.Delay(Timeout.Infinite);

        Func<ScriptValue, ScriptValue, ToolContext, Task> Undo(string tool) =>
            (args, answer, context) => Write($"{args["run"].AsString()} undo {tool} {args["i"].AsInt32()}");

        async Task<int> Write(string call)
        {
            lock (ledger) ledger.Write(Encoding.UTF8.GetBytes($"{call}\n"));
            // A moment in which the host may be killed, between the call and its answer.
            await Task.Delay(Random.Shared.Next(3));
            return 1;
        }
    }

    /// <summary>The time of day is set each second, up to two seconds forth or back, and other hosts have another one. Timers are the machine's.</summary>
    private sealed class SteppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() =>
            base.GetUtcNow().AddSeconds(new Random(HashCode.Combine(Environment.ProcessId, Environment.TickCount64 / 1000)).Next(-2, 3));
    }
}
