using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>
/// Opens files that are written at a place which the operator names. The place may lie in a folder of others, who put a link there to a file that they may
/// not write themselves.
/// </summary>
public static class OutputFile
{
    /// <summary>Opens a file, or makes one for its owner alone.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="access">The access wanted; opening changes no content.</param>
    /// <param name="share">The access that others may have meanwhile.</param>
    /// <exception cref="IOException">Another user's link leads to it, or it was changed for another one meanwhile. Nothing was written.</exception>
    public static FileStream Open(string path, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        if (!OperatingSystem.IsLinux() || Fault(path, file) is not { } fault) return file;
        file.Dispose();
        throw new IOException($"{path} {fault}");
    }

    /// <summary>Looked at when it is open: whoever exchanges the entry afterwards changes nothing about the file that is written.</summary>
    private static string? Fault(string path, FileStream file)
    {
        // Each is asked once. A link that was taken away again leaves another file here than the one that it led to.
        FileIdentity? opened = FileIdentity.Of((int)file.SafeFileHandle.DangerousGetHandle()), entry = FileIdentity.OfEntry(path);
        if (entry is { IsLink: true } link) return WriteAccess.Trusts(link.Owner) ? null : $"is a link of user {link.Owner}, who chose where it leads: remove it, or name another place";
        return entry?.Device == opened?.Device && entry?.Inode == opened?.Inode ? null : "was exchanged while it was opened: name a place where only root or you may write";
    }
}
