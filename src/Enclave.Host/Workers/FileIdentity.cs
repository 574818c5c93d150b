using System.Globalization;

namespace Enclave.Workers;

/// <summary>Which file lies at a path, and when it was last changed in any way: what no writer can set back (stat(2), st_ctim).</summary>
internal readonly record struct FileIdentity(long Device, long Inode, long Size, long ChangedSeconds, long ChangedNanoseconds, int Owner, int Mode)
{
    private const int StatBytes = 144;

    /// <summary>Null when there is no such file.</summary>
    public static unsafe FileIdentity? Of(string path)
    {
        // struct stat of x86-64: device and inode, mode and owner at 24 and 28, size at 48, change time at 104.
        byte* stat = stackalloc byte[StatBytes];
        if (Libc.stat(path, stat) != 0) return null;
        return new FileIdentity(*(long*)stat, *(long*)(stat + 8), *(long*)(stat + 48), *(long*)(stat + 104), *(long*)(stat + 112), *(int*)(stat + 28), *(int*)(stat + 24));
    }

    /// <summary>Whether only its owner may write it, and that is this process's user.</summary>
    public bool IsOursAlone => Owner == (int)Libc.geteuid() && (Mode & 0x12) == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}:{Size}:{ChangedSeconds}.{ChangedNanoseconds:d9}");
}
