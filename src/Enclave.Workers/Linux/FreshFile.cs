using Microsoft.Win32.SafeHandles;

namespace Enclave.Linux;

/// <summary>Files that are written as a whole under a temporary name, and then get their own: <c>NAME.GUID</c> first, then <c>NAME</c>.</summary>
/// <remarks>
/// The writer holds the lock of the file while it writes. A process that gets the lock of a file <c>NAME.GUID</c> removes the file: its writer has ended, or is
/// about to rename it and will write it again.
/// </remarks>
internal static class FreshFile
{
    /// <summary>Writes and synchronizes the file.</summary>
    /// <param name="file">The name that it gets.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="place">Renames the file from the given temporary name, or leaves it to be removed.</param>
    public static void Write(string file, ReadOnlySpan<byte> bytes, Action<string> place)
    {
        while (true)
        {
            string fresh = $"{file}.{Guid.NewGuid():n}";
            using LockedFile? held = OperatingSystem.IsLinux() ? FileLock.TryTake(fresh) : new LockedFile(OpenNew(fresh));
            // A sweep removed the file after it was created and before it was locked.
            if (held is null || !IsStillThere(held.File, fresh)) continue;
            try
            {
                RandomAccess.Write(held.File, bytes, 0);
                RandomAccess.FlushToDisk(held.File);
                // Readers of the file would meet the lock.
                held.Dispose();
                place(fresh);
                return;
            }
            catch (FileNotFoundException) when (!File.Exists(fresh))
            {
                // A sweep removed the file after it was locked and before it got its name.
            }
            finally
            {
                File.Delete(fresh);
            }
        }
    }

    /// <summary>Removes temporary files of processes that ended before they renamed them.</summary>
    public static void Sweep(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetExtension(file) is not [_, .. var name] || !Guid.TryParseExact(name, "n", out _)) continue;
            using LockedFile? held = FileLock.TryTake(file);
            if (held is not null) File.Delete(file);
        }
    }

    private static SafeFileHandle OpenNew(string file)
    {
        SafeFileHandle handle = File.OpenHandle(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return handle;
    }

    private static bool IsStillThere(SafeFileHandle held, string file) =>
        !OperatingSystem.IsLinux() || FileIdentity.Of((int)held.DangerousGetHandle())?.Inode == FileIdentity.Of(file)?.Inode;
}
