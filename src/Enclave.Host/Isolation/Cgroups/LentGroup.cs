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

    /// <summary>True if a worker of it ran out of memory: the kernel counts that for the life of the group, and may have ended other processes of it.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Lends it to one worker. False if another one has it, or if it serves no more workers.</summary>
    public bool TryLend()
    {
        lock (_gate)
        {
            if (_isLent || _isOver || IsSpent) return false;
            return _isLent = true;
        }
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
