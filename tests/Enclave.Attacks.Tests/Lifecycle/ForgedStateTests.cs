using System.Buffers.Binary;
using System.Collections.Concurrent;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests.Lifecycle;

/// <summary>
/// A run that leaves its worker takes a state with it, which a compromised worker can forge. The host reports that, and other runs do not notice it.
/// </summary>
[Collection(Alone.Name)]
public sealed class ForgedStateTests
{
    /// <summary>The checkpoint's random number lies behind what the run has in the book (native/runner.cc).</summary>
    private const int NurseryAt = 152;

    private readonly TestGate _gate = new();
    private readonly ConcurrentQueue<SecurityEvent> _events = new();

    /// <summary>
    /// Only a worker of the nursery knows the checkpoint's random number, and it ends. The event names the run and the worker that it came from.
    /// </summary>
    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Standard)]
    public async Task A_state_that_ends_the_worker_that_takes_it_is_reported(SecurityLevel level)
    {
        await using EnclaveHost host = Host(level, (state) =>
        {
            state[NurseryAt] ^= 1;
            return state;
        });

        (ExecutionResult forger, int worker) = await Forge(host);

        Assert.Equal(ErrorCode.WorkerCrashed, forger.Error?.Code);
        SecurityEvent told = await Told();
        Assert.Equal((SecurityEventKind.ProtocolViolation, "forger"), (told.Kind, told.Tenant));
        Assert.Contains($"had left worker {worker}", told.Detail, StringComparison.Ordinal);
        Assert.Empty(_events);
    }

    /// <summary>No other worker gets it: the run ends with its worker, before anything of the state is used.</summary>
    [Theory]
    [InlineData(SecurityLevel.Strict, "memory of no run", "writes at 1000-1008")]
    [InlineData(SecurityLevel.Standard, "memory of no run", "writes at 1000-1008")]
    [InlineData(SecurityLevel.Standard, "another job", "is one of job")]
    [InlineData(SecurityLevel.Standard, "half a word less", "bytes")]
    [InlineData(SecurityLevel.Secure, "each word changed", "the state of job")]
    public async Task A_state_of_a_wrong_form_reaches_no_worker(SecurityLevel level, string forgery, string why)
    {
        await using EnclaveHost host = Host(level, (state) => Forged(state, forgery));

        (ExecutionResult forger, _) = await Forge(host);

        Assert.Equal(ErrorCode.ProtocolViolation, forger.Error?.Code);
        SecurityEvent told = await Told();
        Assert.Equal((SecurityEventKind.ProtocolViolation, "forger"), (told.Kind, told.Tenant));
        Assert.Contains("which left", told.Detail, StringComparison.Ordinal);
        Assert.Contains(why, told.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("had left worker", told.Detail, StringComparison.Ordinal);
        Assert.Empty(_events);
    }

    private static byte[] Forged(byte[] state, string forgery)
    {
        switch (forgery)
        {
            case "half a word less": return state[..^4];
            // native/runner.cc: the number of the job comes first.
            case "another job": state[0] ^= 1; return state;
            // A piece behind the others, with one word at an address where nothing is mapped.
            case "memory of no run":
                byte[] longer = [.. state, .. new byte[24]];
                BinaryPrimitives.WriteUInt64LittleEndian(longer.AsSpan(state.Length), 4096);
                BinaryPrimitives.WriteUInt64LittleEndian(longer.AsSpan(state.Length + 8), 1);
                return longer;
            default:
                for (int i = 8; i < state.Length; i += 8) state[i] ^= 1;
                return state;
        }
    }

    /// <summary>Lets a run leave its worker and go on. Another tenant's run, for which it leaves, and the next one get their answers.</summary>
    private async Task<(ExecutionResult Forger, int Worker)> Forge(EnclaveHost host)
    {
        Task<ExecutionResult> forger = host.RunAsync(TestGate.Script, new RunOptions { Tenant = "forger" }, TestContext.Current.CancellationToken);
        await _gate.Arrival();
        int worker = Assert.Single(host.GetIsolationReport().Workers).WorkerId;
        ExecutionResult other = await Within.Deadline(host.RunAsync("return 6 * 7", new RunOptions { Tenant = "other" }), "answer of the other run");
        _gate.Open();
        ExecutionResult end = await Within.Deadline(forger, "end of the run whose state was forged");

        Assert.Equal(42, other.Value.AsInt64());
        Assert.Equal(2, (await Within.Deadline(host.RunAsync("return 2", new RunOptions { Tenant = "other" }), "answer of the next run")).Value.AsInt64());
        return (end, worker);
    }

    private async Task<SecurityEvent> Told()
    {
        SecurityEvent? told = null;
        await Within.Becomes(() => _events.TryDequeue(out told), "a security event came");
        return told!;
    }

    private EnclaveHost Host(SecurityLevel level, Func<byte[], byte[]> forge) => new(
        new EnclaveOptions
        {
            Adapter = EnclaveAdapter.WorkerPool,
            SecurityLevel = level,
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxParkedRuns = 10 },
            ToolHandler = _gate.Handle,
            OnSecurityEvent = _events.Enqueue,
        }.WithoutGuard(),
        null,
        new WrappingLauncher(TestLauncher.Real(level), (_, process) => new ForgingProcess(process, forge)));
}
