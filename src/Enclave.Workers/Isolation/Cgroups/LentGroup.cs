namespace Enclave.Isolation.Cgroups;

/// <summary>A control group that serves one worker after another. They are born in it, so none has to be moved.</summary>
/// <remarks>It also holds the process that they are forked from.</remarks>
internal sealed class LentGroup(ControlGroup group) : IDisposable
{
    /// <summary>The process that its workers are forked from.</summary>
    public const int OtherProcesses = 1;

    private readonly Lock _gate = new();
    private bool _isLent;
    private bool _isOver;

    public ControlGroup Group => group;

    /// <summary>True if its limits are set.</summary>
    public bool IsLimited { get; set; }

    /// <summary>True if its share of CPU is that of a worker that starts in the background.</summary>
    public bool IsAside { get; set; }

    /// <summary>
    /// True if a worker in the group ran out of memory: the kernel counts that for the life of the group, and may have ended other processes in the group.
    /// </summary>
    public bool IsSpent { get; private set; }

    /// <summary>True if no worker has it, and it may serve another one.</summary>
    public bool IsFree
    {
        get
        {
            lock (_gate) return !_isLent && !_isOver && !IsSpent;
        }
    }

    /// <summary>Lends it to a worker, until <see cref="Return"/>.</summary>
    public void Lend()
    {
        lock (_gate) _isLent = true;
    }

    /// <summary>The worker has been reaped.</summary>
    public void Return(bool outOfMemory)
    {
        lock (_gate)
        {
            IsSpent |= outOfMemory;
            _isLent = false;
            if (_isOver) group.Dispose();
        }
    }

    /// <summary>Removes it, once its worker is reaped. The process that it was forked from must have ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver) return;
            _isOver = true;
            if (!_isLent) group.Dispose();
        }
    }
}
