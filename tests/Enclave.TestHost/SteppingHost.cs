using System.Text.Json;

namespace Enclave.TestHost;

/// <summary>
/// A host that makes one step of a durable run for each line of its input: <c>{"name": "…", "now": milliseconds, "code": "…"}</c> starts or, without code,
/// resumes the run, at that time. It prints the state in which the run was left. Each call of a tool is a line of the ledger, and is answered from outside.
/// </summary>
internal static class SteppingHost
{
    /// <param name="folder">The folder of the runs. They are sealed with a key of zeros.</param>
    /// <param name="ledger">The file to which calls are appended.</param>
    public static async Task Run(string folder, string ledger)
    {
        var clock = new SetClock();
        await using RunStore store = RunStore.InFolder(folder);
        await using var host = new EnclaveHost(new EnclaveOptions
        {
            ToolHandler = (name, args, context) =>
            {
                lock (clock) File.AppendAllText(ledger, $"{context.IdempotencyKey!.Split(':')[1]} {name} {args.ToJsonString()}\n");
                return new(ToolResult.Later(Guid.NewGuid().ToString()));
            },
            Durable = new DurableOptions { Store = store, Keys = [new byte[32]], Grace = TimeSpan.Zero, Wakes = false },
            TimeProvider = clock,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, StartTimeout = TimeSpan.FromMinutes(1) },
            Timeout = TimeSpan.FromMinutes(1),
            Validate = false,
            MaxIterations = 1_000_000_000,
        });
        while (await Console.In.ReadLineAsync() is { } line)
        {
            JsonElement step = JsonDocument.Parse(line).RootElement;
            clock.Now = step.GetProperty("now").GetInt64();
            string name = step.GetProperty("name").GetString()!;
            DurableRun run = step.TryGetProperty("code", out JsonElement code)
                ? await host.StartAsync(code.GetString()!, new RunOptions { Durable = name })
                : await host.ResumeAsync(name);
            Console.WriteLine(run.State);
        }
    }

    /// <summary>The time of day is what the last line said; timers are the machine's.</summary>
    private sealed class SetClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1000;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Now);

        // Both clocks go on together: neither takes a step.
        public override long GetTimestamp() => Now;
    }
}
