using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Enclave.Isolation;
using Enclave.Isolation.Seccomp;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.SystemCalls;

/// <summary>
/// The system calls of a locked worker for every available program: none is outside of the table (Isolation/Seccomp/syscalls.x86-64.txt). The filter
/// traps instead of killing, so a new call fails this test with its name. eng/learn-syscalls.sh runs it with the full counts.
/// </summary>
public sealed partial class SystemCallTests
{
    private static readonly SecurityLevel[] s_levels = TestSize.Full ? Enum.GetValues<SecurityLevel>() : [SecurityLevel.Strict, SecurityLevel.Standard];

    /// <summary>Each source at each level. The usual run takes a third of its programs, at one of the two levels in turns.</summary>
    public static TheoryData<SecurityLevel, string> Runs =>
        [.. s_levels.SelectMany((level, i) => Corpus.Sources.Where((_, k) => TestSize.Full || k % 2 == i).Select((source) => (level, source)))];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task The_corpora_make_no_system_call_beyond_the_table(SecurityLevel level, string source)
    {
        IReadOnlyList<string> programs = Corpus.Of(source);
        Assert.SkipWhen(programs.Count == 0, $"there are no {source} programs on this machine");
        var events = new ConcurrentQueue<SecurityEvent>();
        EnclaveOptions options = Options(level);
        options.OnSecurityEvent = events.Enqueue;
        await using (var host = new EnclaveHost(
            options, null, TestLauncher.Real(IsolationPlan.For(level, Machine.This, []) with { Refusal = SeccompRefusal.Trap })))
        {
            var crashes = new ConcurrentQueue<string>();
            IEnumerable<string> taken = programs.Where((_, i) => TestSize.Full || i % 3 == 0);
            await Parallel.ForEachAsync(taken, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (program, cancellationToken) =>
            {
                ExecutionResult result = await Within.Deadline(host.RunAsync(program, null, cancellationToken), $"answer to {program}");
                if (result.Error is { Code: ErrorCode.WorkerCrashed } error) crashes.Enqueue($"{program}: {error.Message}");
            });
            Assert.True(crashes.IsEmpty, $"{string.Join('\n', Calls(events))}\nfirst at: {crashes.FirstOrDefault()}");
        }

        Assert.Empty(Calls(events));
    }

    [Fact]
    public async Task A_call_beyond_the_table_is_named_by_the_learning_filter()
    {
        // Without the call that sets the clock at the start of each job.
        var events = new ConcurrentQueue<SecurityEvent>();
        EnclaveOptions options = Options(SecurityLevel.Standard);
        options.OnSecurityEvent = events.Enqueue;
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Standard, Machine.This, []) with
        {
            Refusal = SeccompRefusal.Trap,
            Calls = [.. SeccompTable.Rules.Where((rule) => rule.Name != "setitimer")],
        };
        await using var host = new EnclaveHost(options, null, TestLauncher.Real(plan));
        ExecutionResult result = await Within.Deadline(host.RunAsync("return 1"), "answer");

        Assert.False(result.Success);
        await Within.Becomes(() => Calls(events).Any((call) => call.StartsWith("38 ", StringComparison.Ordinal)), "an event that names setitimer");
    }

    private static EnclaveOptions Options(SecurityLevel level) => new EnclaveOptions
    {
        SecurityLevel = level,
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = WorkerPoolPresets.For(level) with { MinWorkers = 2, MaxWorkers = 2, MaxQueueSize = 100, QueueTimeout = TimeSpan.FromMinutes(10) },
        Timeout = TimeSpan.FromMilliseconds(300),
        ToolHandler = static (_, args, _) => new ValueTask<object?>(args),
    }.WithoutGuard();

    /// <summary>The calls that the workers reported: number and arguments, each number once.</summary>
    private static IEnumerable<string> Calls(IEnumerable<SecurityEvent> events) =>
        events.Where((report) => report.Kind == SecurityEventKind.ForbiddenSystemCall).Select((report) => NamedCall().Match(report.Detail))
            .Select((call) => call.Success ? $"{call.Groups[1].Value} {call.Groups[2].Value}" : "a call that the worker could not name")
            .DistinctBy((call) => call.Split(' ')[0]);

    [GeneratedRegex(@"system call (\d+) (\([^)]*\)) is not in the set")]
    private static partial Regex NamedCall();
}
