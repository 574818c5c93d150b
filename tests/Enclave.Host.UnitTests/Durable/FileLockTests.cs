using System.Runtime.InteropServices;
using Enclave.Linux;
using Microsoft.Win32.SafeHandles;

namespace Enclave.Host.Tests.Durable;

/// <summary>The locks of a folder of durable runs.</summary>
public sealed partial class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("enclave-locks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_lock_is_had_once_until_it_is_released()
    {
        string file = Path.Combine(_folder, "a.lock");

        LockedFile? first = FileLock.TryTake(file);

        Assert.NotNull(first);
        Assert.Null(FileLock.TryTake(file));
        first.Dispose();
        using LockedFile? again = FileLock.TryTake(file);
        Assert.NotNull(again);
    }

    /// <summary>A child has the descriptors of its parent from its fork to its exec, and a lock lives as long as one of them.</summary>
    [Fact]
    public void A_lock_is_released_although_another_process_has_its_descriptor()
    {
        string file = Path.Combine(_folder, "a.lock");
        LockedFile first = FileLock.TryTake(file)!;
        using var childs = new SafeFileHandle(Duplicate((int)first.File.DangerousGetHandle()), ownsHandle: true);

        first.Dispose();

        using LockedFile? again = FileLock.TryTake(file);
        Assert.False(childs.IsInvalid);
        Assert.NotNull(again);
    }

    [Fact]
    public void A_lock_that_cannot_be_taken_is_not_one_that_somebody_has() =>
        Assert.Throws<IOException>(() => FileLock.TryTake(Path.Combine(_folder, "none", "a.lock")));

    [Fact]
    public void A_folder_whose_locks_work_passes_and_nothing_is_left_in_it()
    {
        FileLock.Check(_folder, FileLock.TryTake, "it is tried");

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_whose_locks_exclude_nobody_is_refused()
    {
        IOException fault = Assert.Throws<IOException>(() => FileLock.Check(
            _folder, (file) => File.OpenHandle(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), "it is tried"));

        Assert.Contains("does not exclude", fault.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [LibraryImport("libc.so.6", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);
}
