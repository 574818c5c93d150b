using Enclave.Guard.Tests.Transforms;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests.Engines;

/// <summary>Programs come to the same on the native worker and on the portable one: value, error, stack, console and tool calls.</summary>
public sealed class EngineDifferentialTests(ITestOutputHelper output)
{
    private const int Seed = 20261126;
    private const string OutOfTime = "Time";

    private static readonly RunLimits s_limits = ScriptJob.Usual with { TimeoutMicroseconds = 20_000_000, CpuMicroseconds = 5_000_000 };

    /// <summary>For programs that end near those limits: one engine, or a moment of the machine, is slow enough for them and another is not.</summary>
    private static readonly RunLimits s_ampleLimits = s_limits with { TimeoutMicroseconds = 240_000_000, CpuMicroseconds = 40_000_000 };

    /// <summary>The programs whose outcome differs, each with the reason: engine-differences.txt.</summary>
    private static readonly string s_known = Path.Combine(Repository.Root, "tests", "Enclave.Worker.Tests", "Engines", "engine-differences.txt");

    [Fact]
    public async Task Every_program_comes_to_the_same()
    {
        HashSet<string> known = [.. (await File.ReadAllLinesAsync(s_known)).Where((line) => line is not ("" or ['#', ..]))];
        var maker = new ProgramMaker(new Random(Seed), ["x", "y", "con", "z", "", "0"]);
        IEnumerable<string> generated = Enumerable.Range(0, TestSize.Of(50, 10_000)).Select((_) => maker.Next());
        string[] programs = [.. HostilePrograms.All, .. (await ProgramKinds.All).Select((one) => one.Job.Code), .. generated];
        using var native = new OneEngine(isPortable: false);
        using var portable = new OneEngine(isPortable: true);
        List<string> differences = [];
        int compared = 0;
        foreach (string code in programs)
        {
            var job = new ScriptJob(code) { Limits = s_limits, Origin = RunOrigin.Of(1, 1_700_000_000_000) };
            (string expected, string got) = (native.Run(job), portable.Run(job));
            string line = code.ReplaceLineEndings("¶");
            if (!known.Contains(line) && IsOutOfTime(expected) != IsOutOfTime(got))
            {
                job = job with { Limits = s_ampleLimits };
                (expected, got) = (native.Run(job), portable.Run(job));
            }

            if (expected != got && !known.Contains(line)) differences.Add($"{line}\n  native:   {expected}\n  portable: {got}");
            compared++;
        }

        output.WriteLine($"{compared} programs compared");
        Assert.True(differences.Count == 0, $"{differences.Count} of {compared}:\n{string.Join('\n', differences)}");
    }

    private static bool IsOutOfTime(string outcome) => outcome.StartsWith($"{RunStatus.Stopped} {OutOfTime} ", StringComparison.Ordinal);

    private sealed class OneEngine(bool isPortable) : IDisposable
    {
        private LiveWorker? _worker;

        public string Run(ScriptJob job)
        {
            _worker ??= LiveWorker.Open(WorkerSetup.Tracked, isPortable);
            _worker.Pipes.Patience = TimeSpan.FromMicroseconds(job.Limits.TimeoutMicroseconds) + TimeSpan.FromMinutes(1);
            try
            {
                JobAnswer answer = _worker.Run(job, (call) =>
                    call.Name == "never" ? null : ToolReply.Encoded(call.Name == "echo" ? call.Args : [0x81, 0xa1, (byte)'r', 7]));
                string outcome = Text(answer);
                if (answer.Usage.Ready == 0) Dispose();
                return outcome;
            }
            catch (WorkerEndedException)
            {
                Dispose();
                return "the worker ended";
            }
        }

        public void Dispose()
        {
            _worker?.Dispose();
            _worker = null;
        }

        private static string Text(JobAnswer answer)
        {
            string payload = answer.Status switch
            {
                RunStatus.Value => Convert.ToHexString(answer.Payload) is { Length: < 400 } hex ? $"{hex} {answer.Json}" : Convert.ToHexString(answer.Payload),
                // Which calls are the deepest depends on the size of their frames, and so on what V8 has optimized by then.
                RunStatus.Error when answer.Error.Message == "Maximum call stack size exceeded" => answer.Error.Name,
                RunStatus.Error => answer.Error.ToString().ReplaceLineEndings("¶"),
                // Which of the two is reached first depends on how busy the machine is.
                _ => answer.Reason is StopReason.Deadline or StopReason.Cpu ? OutOfTime : $"{answer.Reason}",
            };
            string effects = $"{string.Join(" | ", answer.Calls)} | {string.Join(" | ", answer.Console)}";
            return $"{answer.Status} {payload} {answer.Usage.Iterations} iterations | {effects}";
        }
    }
}
