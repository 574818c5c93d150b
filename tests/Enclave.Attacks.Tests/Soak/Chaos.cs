using System.Globalization;
using Enclave.Isolation;
using Enclave.Tests;
using Enclave.Workers;

namespace Enclave.Attacks.Tests.Soak;

/// <summary>Kills and stops workers of this process, in the beat of jobs that workers had. Nobody else's process is ever met: a pid counts only while its parent is ours.</summary>
internal sealed class Chaos(int seed, SoakTally tally)
{
    private const int Kill = 9, Stop = 19, LeastBeat = 8, MostBeat = 40;

    private readonly Random _random = new(seed);
    private readonly Lock _gate = new();
    private int _left = LeastBeat;

    public void JobHasRun()
    {
        lock (_gate)
        {
            if (--_left > 0) return;
            _left = _random.Next(LeastBeat, MostBeat);
            Strike();
        }
    }

    private void Strike()
    {
        int[] children = Processes.Children(Environment.ProcessId);
        if (children.Length == 0) return;
        int child = children[_random.Next(children.Length)];
        // Until it has become bubblewrap it is this process, in the middle of starting it: stopped there, posix_spawn would stand still for ever.
        if (!IsJail(child)) return;
        bool kill = _random.Next(3) > 0;
        int[] inside = Processes.Children(child);
        // Two of three times the worker itself, else bubblewrap around it, also while it is still making the jail.
        if (inside.Length > 0 && _random.Next(3) > 0) Signal(inside[0], child, kill, "worker");
        else Signal(child, Environment.ProcessId, kill, "jail");
    }

    private static bool IsJail(int pid) => ProcFile.Text($"/proc/{pid}/comm")?.Trim() == "bwrap";

    private void Signal(int pid, int parent, bool kill, string whose)
    {
        int fd = (int)Libc.syscall(Libc.SysPidFdOpen, pid, 0, 0, 0, 0);
        if (fd < 0) return;
        // What the descriptor holds cannot become another process; what the number was may have.
        bool ours = ProcFile.Status($"/proc/{pid}/status").GetValueOrDefault("PPid") == parent.ToString(CultureInfo.InvariantCulture);
        if (ours && Libc.syscall(Libc.SysPidFdSendSignal, fd, kill ? Kill : Stop, 0, 0, 0) == 0) tally.Note($"{whose} {(kill ? "killed" : "stopped")}");
        _ = Libc.close(fd);
    }
}
