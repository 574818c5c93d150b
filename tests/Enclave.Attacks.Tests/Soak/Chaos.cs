using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Soak;

/// <summary>
/// Kills and stops workers of this process, paced by the jobs of the workers. Never touches another process: a pid counts only while its parent is ours.
/// </summary>
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
        int[] children = ProcessTable.Children(Environment.ProcessId);
        if (children.Length == 0) return;
        int child = children[_random.Next(children.Length)];
        // Until it becomes bubblewrap it is this process, in the middle of starting it. If it is stopped then, posix_spawn waits forever.
        if (!IsJail(child)) return;
        bool kill = _random.Next(3) > 0;
        int nursery = Inside(child);
        int[] forked = nursery == 0 ? [] : ProcessTable.Children(nursery), cells = [.. forked, .. forked.SelectMany(ProcessTable.Children)];
        // Mostly a worker, or the branch that forks one. Otherwise their nursery, or bubblewrap around it, also while it is still making the jail.
        int choice = _random.Next(12);
        if (cells.Length > 0 && choice > 1)
        {
            int cell = cells[_random.Next(cells.Length)];
            Signal(cell, ProcessTable.Parent(cell), kill, "worker");
        }
        else if (nursery != 0 && choice > 0)
        {
            Signal(nursery, ProcessTable.Parent(nursery), kill, "nursery");
        }
        else Signal(child, Environment.ProcessId, kill, "jail");
    }

    /// <summary>The first process of a jail that is not bubblewrap; 0 if there is none.</summary>
    private static int Inside(int jail)
    {
        for (int pid = jail; ;)
        {
            int[] children = ProcessTable.Children(pid);
            if (children.Length == 0) return 0;
            pid = children[0];
            if (!IsJail(pid)) return pid;
        }
    }

    private static bool IsJail(int pid) => ProcFile.Text($"/proc/{pid}/comm")?.Trim() == "bwrap";

    private void Signal(int pid, int parent, bool kill, string whose)
    {
        int fd = (int)Libc.syscall(Libc.SysPidFdOpen, pid, 0, 0, 0, 0);
        if (fd < 0) return;
        // A pidfd stays with its process. The number may have been reused.
        bool ours = ProcessTable.Parent(pid) == parent;
        if (ours && Libc.syscall(Libc.SysPidFdSendSignal, fd, kill ? Kill : Stop, 0, 0, 0) == 0) tally.Note($"{whose} {(kill ? "killed" : "stopped")}");
        _ = Libc.close(fd);
    }
}
