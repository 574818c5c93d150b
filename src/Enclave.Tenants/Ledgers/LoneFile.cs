using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Ledgers;

/// <summary>Files that one process has alone for a moment. The system releases them with their process.</summary>
internal static class LoneFile
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Opens a file alone, as soon as others have left it. It is created, for its owner only.</summary>
    /// <exception cref="IOException">It cannot be opened, or others have it for too long.</exception>
    public static ValueTask<SafeFileHandle> OpenAsync(string path, CancellationToken cancellationToken) => OpenAsync(path, null, cancellationToken);

    /// <summary>Opens a file alone, and calls <paramref name="waits"/> before each pause.</summary>
    public static async ValueTask<SafeFileHandle> OpenAsync(string path, Action? waits, CancellationToken cancellationToken)
    {
        long began = Environment.TickCount64;
        while (true)
        {
            if (TryOpen(path, FileMode.OpenOrCreate) is { } file) return file;
            if (Environment.TickCount64 - began > s_patience.TotalMilliseconds)
                throw new IOException($"{path} was in use for {s_patience.TotalSeconds} s: another process has it and does not go on");
            waits?.Invoke();
            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a file alone; null if another process has it, or it is not there.</summary>
    /// <exception cref="IOException">It cannot be opened for another reason.</exception>
    public static SafeFileHandle? TryOpen(string path, FileMode mode)
    {
        try
        {
            return Open(path, mode, FileShare.None);
        }
        catch (FileNotFoundException) when (mode == FileMode.Open)
        {
            return null;
        }
        catch (IOException fault) when (FileLock.IsInUse(fault))
        {
            return null;
        }
    }

    /// <summary>Opens a file, for its owner only.</summary>
    public static SafeFileHandle Open(string path, FileMode mode, FileShare share)
    {
        SafeFileHandle handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, share);
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open && RandomAccess.GetLength(handle) == 0)
            File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return handle;
    }
}
