using System.Collections.Concurrent;
using System.Globalization;
using Enclave.Linux;
using Enclave.Tests;
using Enclave.Workers.Comparison;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Changes that an attacker plants in a worker during a job: either the reset undoes them, or the host finds them before the next job.</summary>
[Collection(Jail.Collection)]
public sealed class PlantedChangeTests
{
    /// <summary>All levels, and one as on a kernel before Linux 6.7.</summary>
    public static TheoryData<SecurityLevel, string> Hosts =>
        [.. Enum.GetValues<SecurityLevel>().Select((level) => (level, nameof(PageListing.Scan))), (SecurityLevel.Strict, nameof(PageListing.Entries))];

    [Theory]
    [MemberData(nameof(Hosts))]
    public async Task T5_A_byte_planted_anywhere_in_a_worker_is_gone_or_found_before_its_next_job(SecurityLevel level, string listing)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        var random = new Random(20261122);
        int found = 0, undone = 0, ended = 0;
        await using var host = new WatchedHost(level, ResetComparison.EveryRun, listing);
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

    /// <summary>The level's own setting finds a change that no reset undoes: after the first run at STRICT, at SECURE after 64 runs on average.</summary>
    [Theory]
    [InlineData(SecurityLevel.Strict, 1, 1)]
    [InlineData(SecurityLevel.Secure, 64, 2_000)]
    public async Task T5_A_planted_byte_is_found_as_soon_as_the_levels_own_comparison_says(SecurityLevel level, int onAverage, int most)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        var random = new Random(64);
        var counts = new List<int>();
        int tries = 0, wanted = TestSize.Of(8, 200);
        await using var host = new WatchedHost(level, ResetComparison.ByLevel, nameof(PageListing.Scan));
        for (; counts.Count < wanted; tries++)
        {
            Assert.True(tries < 2 * wanted, $"only {counts.Count} of {tries} changes stayed");
            if (await host.RunsUntilFound((pid) => Planted.InCode(pid, random), most) is { } runs) counts.Add(runs);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"found after {string.Join(", ", counts)} runs; {tries - wanted} changes ended the worker");
        // One run in 64 misses a change 2,000 times in a row once in 10^13 changes.
        Assert.All(counts, (runs) => Assert.InRange(runs, 1, most));
        if (TestSize.Full) Assert.InRange(counts.Average(), onAverage * 0.6, onAverage * 1.4);
    }

    /// <summary>STANDARD and PERMISSIVE compare nothing unless the operator asks for it: docs/levels.md says so.</summary>
    [Theory]
    [InlineData(SecurityLevel.Standard)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Where_the_level_compares_nothing_a_planted_byte_stays(SecurityLevel level)
    {
        Assert.SkipWhen(Injector.Obstacle is not null, Injector.Obstacle ?? "");
        const int Most = 200;
        var random = new Random(64);
        await using var host = new WatchedHost(level, ResetComparison.ByLevel, nameof(PageListing.Scan));
        int? runs = null;
        for (int tries = 0; tries < 8 && runs is null; tries++) runs = await host.RunsUntilFound((pid) => Planted.InCode(pid, random), Most);

        Assert.Equal(Most + 1, runs);
    }

    [Theory]
    [InlineData(nameof(PageListing.Scan))]
    [InlineData(nameof(PageListing.Entries))]
    public async Task A_worker_that_nobody_changed_is_not_accused(string listing)
    {
        await using var host = new WatchedHost(SecurityLevel.Strict, ResetComparison.EveryRun, listing);
        for (int i = 0; i < TestSize.Of(200, 10_000); i++) await host.Plant((pid) => Planted.Nothing(pid));

        Assert.Empty(host.Events);
        Assert.Equal(0, host.Recycled);
    }

    /// <summary>A host with one worker, whose memory it compares.</summary>
    private sealed class WatchedHost : IAsyncDisposable
    {
        private readonly EnclaveHost _host;
        private Func<int, Planted>? _plant;
        private Planted? _planted;
        private long _told;

        public WatchedHost(SecurityLevel level, ResetComparison comparison, string listing)
        {
            var options = new EnclaveOptions
            {
                SecurityLevel = level,
                Adapter = EnclaveAdapter.WorkerPool,
                ResetComparison = comparison,
                WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1, SpareWorkers = 0, MaxExecutionsPerWorker = 1_000_000 },
                OnSecurityEvent = (told) =>
                {
                    Events.Enqueue(told);
                    Interlocked.Increment(ref _told);
                },
                ToolHandler = (_, _, _) =>
                {
                    _planted = _plant!(Pid);
                    return new ValueTask<object?>(1);
                },
            };
            _host = new EnclaveHost(options.WithoutGuard(), null, TestLauncher.Listing(level, Enum.Parse<PageListing>(listing)));
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
            Planted planted = await PlantDuringJob(plant);
            // The worker takes it after its memory was compared, or another worker does.
            ExecutionResult next = await Run("return 1");
            Assert.True(next.Success, next.Error?.Message);
            return planted;
        }

        /// <summary>
        /// Runs a job in the middle of which the change is made, and then jobs until the host finds it. Returns the number of runs after which it was found,
        /// one more than <paramref name="most"/> if it was not, and null if the change ended the worker by itself.
        /// </summary>
        public async Task<int?> RunsUntilFound(Func<int, Planted> plant, int most)
        {
            int pid = (await PlantDuringJob(plant)).Pid;
            for (int runs = 1; runs <= most; runs++)
            {
                // Answered after the comparison that followed the run before, by this worker or by another one.
                ExecutionResult next = await Run("return 1");
                // The pool knows at once; the application's own code is called a little later. Each worker that the pool accuses has an event at least.
                await Within.Becomes(() => Volatile.Read(ref _told) >= Accused, "each accusation was told");
                while (Events.TryDequeue(out SecurityEvent? told))
                {
                    if (told.ProcessId == pid) return told.Kind == SecurityEventKind.MemoryMismatch ? runs : null;
                }

                if (!next.Success) return null;
            }

            return most + 1;
        }

        private async Task<Planted> PlantDuringJob(Func<int, Planted> plant)
        {
            _plant = plant;
            _ = await Run("return await callTool('plant', {})");
            _plant = Planted.Nothing;
            return _planted!;
        }

        private Task<ExecutionResult> Run(string code) =>
            Within.Deadline(_host.RunAsync(code, new RunOptions { Timeout = TimeSpan.FromSeconds(2) }), "answer of a job");

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
            (long Begin, long End, string Line)[] all = Mappings(pid);
            // The book, with frames and the reset's notes, is the largest writable mapping without a name.
            long book = all.Where((one) => one.Line.Contains(" rw-p ", StringComparison.Ordinal)
                && one.Line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 5).MaxBy((one) => one.End - one.Begin).Begin;
            return In([.. all.Where((one) => one.Begin != book)], pid, random);
        }

        /// <summary>The engine's own machine code: no job writes it, so no reset restores it, and a small job needs little of it.</summary>
        public static Planted InCode(int pid, Random random) => In(
            [.. Mappings(pid).Where((one) => one.Line.Contains(" r-xp ", StringComparison.Ordinal) && one.Line.EndsWith("/node", StringComparison.Ordinal))],
            pid, random);

        private static Planted In((long Begin, long End, string Line)[] all, int pid, Random random)
        {
            Assert.NotEmpty(all);
            while (true)
            {
                (long begin, long end, string line) = all[random.Next(all.Length)];
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

        private static (long Begin, long End, string Line)[] Mappings(int pid) =>
        [
            .. File.ReadAllLines($"/proc/{pid}/maps").Where((line) => line.Contains("p ", StringComparison.Ordinal)
                && !line.Contains("[v", StringComparison.Ordinal) && !line.EndsWith("[stack]", StringComparison.Ordinal))
                .Select((line) => (Hex(line.Split('-')[0]), Hex(line.Split('-')[1].Split(' ')[0]), line)),
        ];

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
