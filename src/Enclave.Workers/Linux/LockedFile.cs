using Microsoft.Win32.SafeHandles;

namespace Enclave.Linux;

/// <summary>A file that this process has locked.</summary>
/// <param name="file">The file, open.</param>
internal sealed class LockedFile(SafeFileHandle file) : IDisposable
{
    // LOCK_UN of <sys/file.h>.
    private const int Unlock = 8;

    public SafeFileHandle File => file;

    /// <summary>
    /// Releases the lock, and closes the file. Closing alone keeps the lock while another process has the descriptor: a child that this process starts has it
    /// from its fork to its exec.
    /// </summary>
    public void Dispose()
    {
        if (file.IsClosed) return;
        if (OperatingSystem.IsLinux()) _ = Libc.flock((int)file.DangerousGetHandle(), Unlock);
        file.Dispose();
    }
}
