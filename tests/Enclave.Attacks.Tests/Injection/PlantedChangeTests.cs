using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Changes that an attacker plants in a worker during a job: either the reset undoes them, or the host finds them before the next job.</summary>
[Collection(Jail.Collection)]
public sealed class PlantedChangeTests
{
    public static TheoryData<SecurityLevel> Levels => [.. Enum.GetValues<SecurityLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task T6_A_byte_planted_anywhere_in_a_worker_is_gone_or_found_before_its_next_job(SecurityLevel level)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        var random = new Random(20261122);
        int found = 0, undone = 0, ended = 0;
        await using var host = new WatchedHost(level);
        for (int i = 0; i < TestSize.Of(40, 2_500); i++)
        {
            long accused = host.Accused;
            Planted planted = await host.Plant((pid) => Planted.Anywhere(pid, random));
            if (host.Pid == planted.Pid)
            {
                // The job wrote this page too, and the reset copied it back. The cell of the last job may not have ended yet.
                await Within.Becomes(planted.IsUndone, "the byte was as in the nursery", planted.ToString);
                undone++;
                continue;
            }

            // The job or the reset needed the byte, and the worker crashed or made a forbidden call.
            if (host.Accused == accused)
            {
                ended++;
                continue;
            }

            SecurityEvent? told = null;
            await Within.Becomes(() => host.Events.TryDequeue(out told) && told.ProcessId == planted.Pid, "a security event came", planted.ToString);
            if (told!.Kind == SecurityEventKind.MemoryMismatch) found++;
            else ended++;
        }

        Assert.True(found > undone + ended, $"{found} found, {undone} undone, {ended} ended by themselves");
        TestContext.Current.TestOutputHelper?.WriteLine($"{found} found, {undone} undone, {ended} ended by themselves");
    }

    [Fact]
    public async Task T6_A_worker_that_nobody_changed_is_not_accused()
    {
        await using var host = new WatchedHost(SecurityLevel.Strict);
        for (int i = 0; i < TestSize.Of(200, 10_000); i++) await host.Plant((pid) => Planted.Nothing(pid));

        Assert.Empty(host.Events);
        Assert.Equal(0, host.Recycled);
    }

    /// <summary>A host with one worker that compares memory after every run.</summary>
    private sealed class WatchedHost : IAsyncDisposable
    {
        private readonly EnclaveHost _host;
        private Func<int, Planted>? _plant;
        private Planted? _planted;

        public WatchedHost(SecurityLevel level)
        {
            var options = new EnclaveOptions
            {
                SecurityLevel = level,
                Adapter = EnclaveAdapter.WorkerPool,
                ResetComparison = ResetComparison.EveryRun,
                WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxExecutionsPerWorker = 1_000_000 },
                OnSecurityEvent = Events.Enqueue,
                ToolHandler = (_, _, _) =>
                {
                    _planted = _plant!(Pid);
                    return new ValueTask<object?>(1);
                },
            };
            _host = new EnclaveHost(options.WithoutGuard());
        }

        public ConcurrentQueue<SecurityEvent> Events { get; } = new();

        /// <summary>Its worker.</summary>
        public int Pid => Assert.Single(_host.GetIsolationReport().Workers).ProcessId;

        /// <summary>The number of workers that were ended for changes that no honest worker makes.</summary>
        public long Accused => _host.GetSnapshot().RecycledBy.GetValueOrDefault(RecycleReason.Violation);

        public long Recycled => _host.GetSnapshot().Recycled;

        /// <summary>Runs a job in the middle of which the change is made, and one more job after it.</summary>
        public async Task<Planted> Plant(Func<int, Planted> plant)
        {
            _plant = plant;
            _ = await Within.Deadline(
                _host.RunAsync("return await callTool('plant', {})", new RunOptions { Timeout = TimeSpan.FromSeconds(2) }), "answer of the job");
            // The worker takes it after its memory was compared, or another worker does.
            _plant = Planted.Nothing;
            Planted planted = _planted!;
            ExecutionResult next = await Within.Deadline(_host.RunAsync("return 1"), "answer of the next job");
            Assert.True(next.Success, next.Error?.Message);
            return planted;
        }

        public ValueTask DisposeAsync() => _host.DisposeAsync();
    }

    /// <summary>Changes one byte of a worker's memory from outside.</summary>
    private sealed record Planted(int Pid, long Address, string Where)
    {
        private const int PageBytes = 4096, Gone = -1;

        public static Planted Nothing(int pid) => new(pid, 0, "");

        /// <summary>A private mapping with any permissions, except for the stack and the book, which are not compared.</summary>
        public static Planted Anywhere(int pid, Random random)
        {
            (long Begin, long End, string Line)[] all =
            [
                .. File.ReadAllLines($"/proc/{pid}/maps").Where((line) => line.Contains("p ", StringComparison.Ordinal)
                    && !line.Contains("[v", StringComparison.Ordinal) && !line.EndsWith("[stack]", StringComparison.Ordinal))
                    .Select((line) => (Hex(line.Split('-')[0]), Hex(line.Split('-')[1].Split(' ')[0]), line)),
            ];
            // The book, with frames and the reset's notes, is the largest writable mapping without a name.
            long book = all.Where((one) => one.Line.Contains(" rw-p ", StringComparison.Ordinal)
                && one.Line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5).MaxBy((one) => one.End - one.Begin).Begin;
            while (true)
            {
                (long begin, long end, string line) = all[random.Next(all.Length)];
                if (begin == book) continue;
                long page = begin + (random.NextInt64((end - begin) / PageBytes) * PageBytes), address = page + random.Next(PageBytes);
                using FileStream memory = Open(pid, FileAccess.ReadWrite);
                try
                {
                    memory.Position = address;
                    int before = memory.ReadByte();
                    if (before < 0) continue;
                    memory.Position = address;
                    memory.WriteByte((byte)(before ^ (1 + random.Next(255))));
                    return new Planted(pid, address, line);
                }
                catch (IOException)
                {
                    // Memory without permissions: not even the kernel reads or writes it for a debugger.
                }
            }
        }

        public bool IsUndone()
        {
            if (Address == 0) return true;
            int nursery = int.Parse(ProcFile.Status($"/proc/{Pid}/status")["PPid"], CultureInfo.InvariantCulture);
            int now = Read(Pid);
            return now == Gone || now == Read(nursery);
        }

        /// <summary>The byte at this place. <see cref="Gone"/> if nothing is mapped there, as for a finished job's own memory.</summary>
        private int Read(int pid)
        {
            try
            {
                using FileStream memory = Open(pid, FileAccess.Read);
                memory.Position = Address;
                return memory.ReadByte();
            }
            catch (IOException)
            {
                return Gone;
            }
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the byte at {Address:x} of {Pid} is as it was planted, in {Where}");

        private static FileStream Open(int pid, FileAccess access) => new($"/proc/{pid}/mem", FileMode.Open, access, FileShare.ReadWrite, 0);

        private static long Hex(string text) => long.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
