using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Tenants.Scripts;

/// <summary>
/// The files of one thing in a folder that processes share: read within a bound, replaced as a whole, and locked while one process changes them.
/// </summary>
/// <param name="what">The thing, for messages: <c>saved scripts</c>.</param>
internal sealed class StoreFiles(string what)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Reads a file of at most this many bytes; null if there is none.</summary>
    public byte[]? TryRead(string file, int maxBytes)
    {
        try
        {
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            long length = RandomAccess.GetLength(handle);
            if (length > maxBytes) throw new SavedScriptException(
                SavedScriptFault.Damaged, $"{Path.GetFileName(file)} of {what} has {length} bytes, and {maxBytes} are allowed");
            byte[] bytes = new byte[length];
            return bytes.AsSpan(0, RandomAccess.Read(handle, bytes, 0)).ToArray();
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Replaces a file as a whole.</summary>
    public static void Write(string file, byte[] bytes) => FreshFile.Write(file, bytes, (fresh) => File.Move(fresh, file, overwrite: true));

    /// <summary>Creates a folder for its owner only.</summary>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Takes a lock, as soon as others have left it.</summary>
    /// <exception cref="SavedScriptException">Another process has it for too long.</exception>
    public async Task<LockedFile> LockAsync(string file, CancellationToken cancellationToken)
    {
        long began = Environment.TickCount64;
        while (true)
        {
            if (await GuardedAsync(() => FileLock.TryTake(file)).ConfigureAwait(false) is { } held) return held;
            if (Environment.TickCount64 - began > s_patience.TotalMilliseconds) throw new SavedScriptException(
                SavedScriptFault.Unavailable, $"another process has changed one of the {what} for {s_patience.TotalSeconds} s: try again when it has ended");
            await Task.Delay(1, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs file work on the thread pool: it waits for the disk.</summary>
    public async Task<T> GuardedAsync<T>(Func<T> work)
    {
        try
        {
            return await Task.Run(work).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SavedScriptException(SavedScriptFault.Unavailable, $"the folder of {what} failed: {fault.Message}", fault);
        }
    }
}
