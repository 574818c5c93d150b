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

    private readonly Lock _gate = new();
    private readonly LentGroup _lent;
    private int _pidFd;

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
        if (NurserySocket.TryOpen() is not { } socket) return null;
        (int Process, int PidFd)? made = fork(socket);
        socket.CloseChild();
        ControlGroup? group = made is null ? null : ControlGroup.TryMake(groups, out _);
        if (made is var (process, pidFd) && group is not null)
        {
            var branch = new NurseryBranch(socket, process, pidFd, group);
            if (ProcFile.PidOf(pidFd) is > 0 and int pid && group.Enter(pid)) return branch;
            branch.Dispose();
            return null;
        }

        socket.Dispose();
        if (made is not null) _ = Libc.close(made.Value.PidFd);
        return null;
    }

    /// <summary>Its last cell, which may be another user's, so that the kernel does not end it with the branch.</summary>
    public ForkedProcess? Cell { get; set; }

    /// <inheritdoc cref="LentGroup.IsSpent"/>
    public bool IsSpent => _lent.IsSpent;

    /// <summary>Lends its group to a cell that it is to fork. Null if it has one already, or forks no more.</summary>
    public LentGroup? TryLend() => _lent.TryLend() ? _lent : null;

    /// <summary>Ends it with its cell, and removes its group as soon as that is reaped.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_pidFd < 0) return;
            Cell?.Kill();
            // Also ends a branch that is stopped.
            _ = Libc.syscall(Libc.SysPidFdSendSignal, _pidFd, Libc.SignalKill, 0, 0, 0);
            DescriptorWait.IsReadable(_pidFd, (int)s_dying.TotalMilliseconds);
            _ = Libc.close(_pidFd);
            _pidFd = -1;
        }

        Socket.Dispose();
        _lent.Dispose();
    }
}
