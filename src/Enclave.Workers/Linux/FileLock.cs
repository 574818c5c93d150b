using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Linux;

/// <summary>Locks of files, which the kernel releases with their process.</summary>
/// <remarks>
/// On Linux they are those of flock(2). .NET takes the same ones for <see cref="FileShare.None"/>, but a setting turns them off
/// (DOTNET_SYSTEM_IO_DISABLEFILELOCKING), and .NET continues without a lock if the call fails.
/// </remarks>
internal static class FileLock
{
    // O_RDWR and O_CREAT of <fcntl.h>, LOCK_EX and LOCK_NB of <sys/file.h>; for its owner only.
    private const int OpenReadWrite = 2, OpenCreate = 0x40, LockExclusive = 2, LockNonBlocking = 4, OwnerOnly = 0x180;

    /// <summary>Creates the file if it is missing, and takes its lock; null if the lock is taken.</summary>
    /// <exception cref="IOException">The file cannot be opened or locked, for another reason than a taken lock.</exception>
    public static LockedFile? TryTake(string file) => OperatingSystem.IsLinux() ? TryTakeOnLinux(file) : TryOpenAlone(file);

    /// <summary>Tests locks in a folder: a second lock of a file must be refused while the first one is held.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="take">Takes a lock.</param>
    /// <param name="risk">What could happen without locks, for people.</param>
    /// <exception cref="IOException">Files in this folder cannot be locked, or locks do not exclude each other.</exception>
    public static void Check(string folder, Func<string, IDisposable?> take, string risk)
    {
        string file = Path.Combine(folder, $"{Guid.NewGuid():n}.probe");
        try
        {
            using IDisposable? first = take(file), second = take(file);
            if (first is null || second is not null) throw new IOException(
                $"a lock of a file in {folder} does not exclude another, so {risk}: use a local file system");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [SupportedOSPlatform("linux")]
    private static LockedFile? TryTakeOnLinux(string file)
    {
        int descriptor = Libc.open(file, OpenReadWrite | OpenCreate | Libc.CloseOnExec, OwnerOnly);
        if (descriptor < 0) throw Fault(file, "opened");
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        while (Libc.flock(descriptor, LockExclusive | LockNonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Libc.ErrorInterrupted) continue;
            IOException fault = Fault(file, "locked");
            handle.Dispose();
            return error == Libc.ErrorAgain ? null : throw fault;
        }

        return new LockedFile(handle);
    }

    private static IOException Fault(string file, string what) =>
        new($"{file} cannot be {what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>True if .NET could not open a file because another process has it alone.</summary>
    public static bool IsInUse(IOException fault)
    {
        const int SharingViolation = unchecked((int)0x80070020), WouldBlock = 11, WouldBlockOnMac = 35;
        return fault.HResult is SharingViolation or WouldBlock or WouldBlockOnMac;
    }

    /// <summary>For systems that exclude other processes from a file that is open without sharing.</summary>
    private static LockedFile? TryOpenAlone(string file)
    {
        try
        {
            return new LockedFile(File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when (IsInUse(fault))
        {
            return null;
        }
    }
}
