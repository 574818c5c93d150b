namespace Enclave.Isolation.Seccomp;

/// <summary>The filters that contain a line of the table.</summary>
internal enum SeccompSwitch
{
    /// <summary>All filters.</summary>
    Always,

    /// <summary>Filters that allow memory to become executable.</summary>
    UnlessNoExec,

    /// <summary>Filters that do not allow it.</summary>
    WhenNoExec,

    /// <summary>A nursery's filter.</summary>
    WhenNursery,
}
