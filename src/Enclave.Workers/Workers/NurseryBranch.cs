using System.Runtime.Versioning;
using Enclave.Isolation.Cgroups;
using Enclave.Linux;
using Enclave.Processes;

namespace Enclave.Workers;

/// <summary>
/// A process that a nursery forked to fork cells in its place, one after another, in a control group that stays. A new group for each cell has to be made,
/// entered, limited and removed, and the kernel may wait for milliseconds before it moves a process.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class NurseryBranch : IDisposable
{
    /// <summary>Longer than the kernel takes to end a process of this size.</summary>
    private static readonly TimeSpan s_dying = TimeSpan.FromSeconds(1);

    private readonly LentGroup _lent;
    private int _pidFd;
    // May be another user's, so that the kernel does not end it with the branch.
    private ForkedProcess? _cell;

    private NurseryBranch(NurserySocket socket, int process, int pidFd, ControlGroup group) =>
        (Socket, Process, _pidFd, _lent) = (socket, process, pidFd, new LentGroup(group));

    public NurserySocket Socket { get; }

    /// <summary>Its id in the nursery's pid namespace.</summary>
    public int Process { get; }

    /// <summary>Forks a branch, and moves it into a group. Null if one of both fails.</summary>
    /// <param name="fork">Has the nursery fork it with this socket.</param>
    /// <param name="groups">The place for its group.</param>
    public static NurseryBranch? TryMake(Func<NurserySocket, (int Process, int PidFd)?> fork, ControlGroupTree groups)
    {
        if (ControlGroup.TryMake(groups, out _) is not { } group) return null;
        NurserySocket? socket = NurserySocket.TryOpen();
        (int Process, int PidFd)? made = socket is null ? null : fork(socket);
        socket?.CloseChild();
        if (made is null)
        {
            socket?.Dispose();
            group.Dispose();
            return null;
        }

        var branch = new NurseryBranch(socket!, made.Value.Process, made.Value.PidFd, group);
        if (ProcFile.PidOf(made.Value.PidFd) is > 0 and int pid && group.Enter(pid)) return branch;
        branch.Dispose();
        return null;
    }

    /// <inheritdoc cref="LentGroup.IsSpent"/>
    public bool IsSpent => _lent.IsSpent;

    /// <inheritdoc cref="LentGroup.IsFree"/>
    public bool IsFree => _lent.IsFree;

    /// <summary>The branch has forked a cell, which has the branch's group from now on.</summary>
    public void Adopt(ForkedProcess cell)
    {
        _lent.Lend();
        _cell = cell;
        cell.Confinement.Borrow(_lent);
    }

    /// <summary>Ends it with its cell, and removes its group as soon as that is reaped.</summary>
    public void Dispose()
    {
        int pidFd = Interlocked.Exchange(ref _pidFd, -1);
        if (pidFd < 0) return;
        _cell?.Kill();
        // SIGKILL also ends a branch that is stopped.
        ChildProcess.Send(pidFd, Libc.SignalKill);
        ChildProcess.IsOver(pidFd, (int)s_dying.TotalMilliseconds);
        _ = Libc.close(pidFd);
        Socket.Dispose();
        _lent.Dispose();
    }
}
