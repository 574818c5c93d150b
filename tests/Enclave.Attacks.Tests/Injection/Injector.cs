using System.Globalization;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>Makes a running, locked process do what hostile native code in it would do, without a hole in V8: root may trace it, whatever it gave up.</summary>
internal static class Injector
{
    private const int CapSysPtrace = 19;

    /// <summary>The reason why nothing can be injected here; null if it can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Stops the thread of the process that waits for input, lets <paramref name="attack"/> use it, and releases it.</summary>
    public static async Task<T> Inside<T>(int pid, Func<Tracee, T> attack)
    {
        int thread = 0;
        await Within.Becomes(() => (thread = Waiting(pid)) != 0, $"a thread of {pid} waited for input");
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        // One thread makes all requests. When it ends, the kernel releases all that it traced.
        var tracer = new Thread(() =>
        {
            try
            {
                T result;
                using (var tracee = new Tracee(pid, thread)) result = attack(tracee);
                done.SetResult(result);
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        tracer.IsBackground = true;
        tracer.Start();
        return await Within.Deadline(done.Task, $"end of the call injected into {pid}");
    }

    /// <summary>
    /// The thread inside read(2), or inside poll(2) while its job waits for a tool, as /proc shows it: number, arguments, stack and instruction pointer.
    /// 0 if there is none now.
    /// </summary>
    private static int Waiting(int pid)
    {
        string tasks = $"/proc/{pid}/task";
        if (!Directory.Exists(tasks)) return 0;
        return Directory.EnumerateDirectories(tasks)
            .Where((task) => ProcFile.Text(task + "/syscall") is ['0' or '7', ' ', '0', 'x', ..])
            .Select((task) => int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture))
            .FirstOrDefault();
    }

    private static string? FindObstacle()
    {
        string held = ProcFile.Status("/proc/self/status").GetValueOrDefault("CapEff", "0");
        bool mayTrace = (ulong.Parse(held, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) >> CapSysPtrace & 1) != 0;
        if (!Environment.IsPrivilegedProcess || !mayTrace) return "system calls are injected by root with CAP_SYS_PTRACE only";
        return System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.X64
            ? null
            : "the injector knows x86-64 only";
    }
}
