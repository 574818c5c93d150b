using System.Globalization;
using System.Runtime.Versioning;

namespace Enclave.Linux;

/// <summary>Identifies a file and its last change. No writer can set the change time back (stat(2), st_ctim).</summary>
[SupportedOSPlatform("linux")]
internal readonly record struct FileIdentity(long Device, long Inode, long Size, long ChangedSeconds, long ChangedNanoseconds, int Owner, int Group, int Mode)
{
    // S_IFMT, S_IFLNK, S_IFDIR, S_ISVTX, S_IWGRP, S_IWOTH of <sys/stat.h>.
    private const int KindMask = 0xf000, Link = 0xa000, Folder = 0x4000, Sticky = 0x200, WrittenByGroup = 0x10, WrittenByOthers = 0x2;

    private const int StatBytes = 144;

    /// <summary>The identity of a path's target, through links. Null if there is no such file.</summary>
    public static unsafe FileIdentity? Of(string path)
    {
        byte* stat = stackalloc byte[StatBytes];
        return Libc.stat(path, stat) == 0 ? Read(stat) : null;
    }

    /// <summary>The identity of the entry itself, which may be a link. Null if there is none.</summary>
    public static unsafe FileIdentity? OfEntry(string path)
    {
        byte* stat = stackalloc byte[StatBytes];
        return Libc.lstat(path, stat) == 0 ? Read(stat) : null;
    }

    /// <summary>The identity of an open file. Null if it cannot be read.</summary>
    public static unsafe FileIdentity? Of(int descriptor)
    {
        byte* stat = stackalloc byte[StatBytes];
        return Libc.fstat(descriptor, stat) == 0 ? Read(stat) : null;
    }

    public bool IsLink => (Mode & KindMask) == Link;

    /// <summary>True for a folder in which only the owner of an entry, the owner of the folder, or root may move or remove the entry.</summary>
    public bool IsStickyFolder => (Mode & KindMask) == Folder && (Mode & Sticky) != 0;

    public bool IsGroupWritable => (Mode & WrittenByGroup) != 0;

    public bool IsWorldWritable => (Mode & WrittenByOthers) != 0;

    /// <summary>True if only its owner may write it, and the owner is this process's user.</summary>
    public bool IsOursAlone => Owner == (int)Libc.geteuid() && !IsGroupWritable && !IsWorldWritable;

    /// <summary>The permission bits in octal.</summary>
    public string Permissions => Convert.ToString(Mode & 0xfff, 8);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}:{Size}:{ChangedSeconds}.{ChangedNanoseconds:d9}");

    // struct stat of x86-64: device and inode, mode, owner and group at 24, 28 and 32, size at 48, change time at 104.
    private static unsafe FileIdentity Read(byte* stat) =>
        new(*(long*)stat, *(long*)(stat + 8), *(long*)(stat + 48), *(long*)(stat + 104), *(long*)(stat + 112), *(int*)(stat + 28), *(int*)(stat + 32),
            *(int*)(stat + 24));
}
