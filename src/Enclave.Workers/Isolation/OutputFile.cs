using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>
/// Opens files for writing in places that the operator names. Other users may own the folder, and may have put a link there to a file that they cannot
/// write themselves.
/// </summary>
internal static class OutputFile
{
    /// <summary>Opens a file, or creates one that only its owner can read.</summary>
    /// <param name="path">The path.</param>
    /// <param name="access">The access wanted; opening changes no content.</param>
    /// <param name="share">The access that others may have meanwhile.</param>
    /// <exception cref="IOException">Another user's link leads to it, or the entry was replaced meanwhile. Nothing was written.</exception>
    public static FileStream Open(string path, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsLinux() || Fault(path, file) is not { } fault) return file;
        file.Dispose();
        throw new IOException($"{path} {fault}");
    }

    /// <summary>Checked when the file is open: replacing the entry afterwards does not change which file is written.</summary>
    [SupportedOSPlatform("linux")]
    private static string? Fault(string path, FileStream file)
    {
        // The path and the open file are each checked once. If a link was removed meanwhile, they are different files.
        FileIdentity? opened = FileIdentity.Of((int)file.SafeFileHandle.DangerousGetHandle()), entry = FileIdentity.OfEntry(path);
        if (entry is { IsLink: true } link)
            return WriteAccess.Trusts(link.Owner) ? null : $"is a link of user {link.Owner}, who chose where it leads: remove it, or name another place";
        return entry?.Device == opened?.Device && entry?.Inode == opened?.Inode
            ? null
            : "was exchanged while it was opened: name a place where only root or you may write";
    }
}
