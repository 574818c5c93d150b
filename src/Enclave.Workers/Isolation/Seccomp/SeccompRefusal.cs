namespace Enclave.Isolation.Seccomp;

/// <summary>The reaction to a call outside of the table. The values are the kernel's (linux/seccomp.h).</summary>
internal enum SeccompRefusal : uint
{
    /// <summary>The process ends, as if by SIGSYS.</summary>
    Kill = 0x80000000,

    /// <summary>SIGSYS is sent, and the worker logs the call before it ends: for learning.</summary>
    Trap = 0x00030000,
}
