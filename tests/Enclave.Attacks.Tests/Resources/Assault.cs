using System.Globalization;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>A hostile script in its own worker process, measured from outside, and a job after it, which always succeeds.</summary>
/// <param name="Result">The script's answer.</param>
/// <param name="Growth">The peak of the worker's own memory by the kernel's count, above its value before, in bytes.</param>
/// <param name="WasReplaced">True if the next job ran on another worker.</param>
internal sealed record Assault(ExecutionResult Result, long Growth, bool WasReplaced)
{
    public const long Megabyte = 1L << 20;

    /// <summary>The limits of an ordinary run with a shorter time limit, long enough to fill the memory where a test needs that.</summary>
    public static async Task<Assault> Run(string code, TimeSpan timeout, SecurityLevel level = SecurityLevel.Standard, Action<EnclaveOptions>? change = null)
    {
        var options = new EnclaveOptions
        {
            SecurityLevel = level,
            Timeout = timeout,
            MemoryLimit = 64 * Megabyte,
            ToolHandler = static async (name, args, context) =>
            {
                if (name == "never") await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return args;
            },
        };
        options.WithoutGuard();
        change?.Invoke(options);
        await using var host = new EnclaveHost(options);
        // The limit is for the attack: a busy machine may take longer for a first job.
        var patient = new RunOptions { Timeout = TimeSpan.FromSeconds(20) };
        ExecutionResult first = await Within.Deadline(host.RunAsync("return 1", patient), $"job before {code}");
        Assert.True(first.Success, first.Error?.Message);
        WorkerIsolation worker = host.GetIsolationReport().Workers.Single((worker) => worker.WorkerId == first.Stats.WorkerId);
        int pid = worker.ProcessId;
        (long before, long files, long most) = (Resident(pid, "RssAnon:"), 0, 0);

        Task<ExecutionResult> attack = host.RunAsync(code);
        while (!attack.IsCompleted)
        {
            // The kernel's peak has pages of the engine's files too, and a script needs more of them than a job that does nothing.
            files = Math.Max(files, Resident(pid, "RssFile:"));
            most = Math.Max(most, Resident(pid, "VmHWM:") - files - before);
            await Task.WhenAny(attack, Task.Delay(2));
        }

        ExecutionResult result = await Within.Deadline(attack, $"answer to {code}");
        ExecutionResult next = await Within.Deadline(host.RunAsync("return 1 + 1", patient), $"job after {code}");
        Assert.True(next.Success, $"the job after {code}: {next.Error?.Code} {next.Error?.Message}");
        Assert.Equal(2, next.Value.AsInt32());
        return new Assault(result, most, next.Stats.WorkerId != result.Stats.WorkerId);
    }

    /// <summary>It did not succeed, and ended with one of these codes.</summary>
    public void EndedAs(params ErrorCode[] expected)
    {
        Assert.False(Result.Success, $"it succeeded with {Result.Value}");
        Assert.True(expected.Contains(Result.Error!.Code), $"{Result.Error.Code} {Result.Error.Message}");
    }

    /// <summary>A worker that met such a limit is not used again.</summary>
    public void EndedAlone(params ErrorCode[] expected)
    {
        EndedAs(expected);
        Assert.True(WasReplaced, "the worker went on");
    }

    private static long Resident(int pid, string line)
    {
        try
        {
            string text = File.ReadLines($"/proc/{pid}/status").FirstOrDefault((candidate) => candidate.StartsWith(line, StringComparison.Ordinal), "");
            return text.Length == 0 ? 0 : long.Parse(text[line.Length..^2], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
