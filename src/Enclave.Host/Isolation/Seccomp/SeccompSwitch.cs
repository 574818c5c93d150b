namespace Enclave.Isolation.Seccomp;

/// <summary>Filters in which a line of the table stands.</summary>
internal enum SeccompSwitch
{
    /// <summary>In every one.</summary>
    Always,

    /// <summary>Only where memory may become executable.</summary>
    UnlessNoExec,

    /// <summary>Only where it may not.</summary>
    WhenNoExec,

    /// <summary>Only in a nursery's.</summary>
    WhenNursery,
}
