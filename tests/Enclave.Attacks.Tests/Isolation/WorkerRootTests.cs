using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>The file system of a worker: only the files that it was started from, and none of them writable.</summary>
public sealed class WorkerRootTests
{
    private static readonly string[] s_refusals = ["Read-only file system", "Text file busy"];

    public static TheoryData<SecurityLevel> Jailed => [SecurityLevel.Strict, SecurityLevel.Secure, SecurityLevel.Standard];

    [Theory]
    [MemberData(nameof(Jailed))]
    public async Task I3_The_root_holds_what_the_list_says(SecurityLevel level)
    {
        await using LiveWorker worker = await LiveWorker.At(level);
        string root = $"/proc/{worker.Pid}/root";

        IEnumerable<string> entries = Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)
            .Select((path) => path[root.Length..] + (Directory.Exists(path) ? "/" : ""));

        Assert.Equal(List("worker-root.txt"), entries.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Jailed))]
    public async Task I3_Every_mount_is_read_only(SecurityLevel level)
    {
        await using LiveWorker worker = await LiveWorker.At(level);

        // proc_pid_mountinfo(5): the fifth word is the mount point, the sixth its own options.
        string[][] mounts = [.. worker.Read("mountinfo").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => line.Split(' '))];

        Assert.Equal(List("worker-root.txt").Count((entry) => !entry.EndsWith('/')) + 1, mounts.Length);
        Assert.All(mounts, (mount) => Assert.True(mount[5].Split(',') is ["ro", ..], $"{mount[4]} is {mount[5]}"));
        Assert.All(mounts, (mount) => Assert.True(
            mount[5].Contains("nosuid", StringComparison.Ordinal) && mount[5].Contains("nodev", StringComparison.Ordinal), $"{mount[4]} is {mount[5]}"));
    }

    [Theory]
    [MemberData(nameof(Jailed))]
    public async Task I3_Not_even_root_writes_there(SecurityLevel level)
    {
        Inspection.Need();
        await using LiveWorker worker = await LiveWorker.At(level);
        string root = $"/proc/{worker.Pid}/root";

        foreach (string entry in List("worker-root.txt").Append("/"))
        {
            string path = entry.EndsWith('/') ? $"{root}{entry}probe" : root + entry;
            var fault = Assert.ThrowsAny<IOException>(
                () => File.Open(path, entry.EndsWith('/') ? FileMode.CreateNew : FileMode.Open, FileAccess.Write).Dispose());
            // A running program gives ETXTBSY before EROFS.
            Assert.True(s_refusals.Any((refusal) => fault.Message.StartsWith(refusal, StringComparison.Ordinal)), fault.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Jailed))]
    public async Task S3_No_unknown_file_is_mapped_in_a_live_worker(SecurityLevel level)
    {
        await using LiveWorker worker = await LiveWorker.At(level);

        // Address, rights, offset, device, inode, path. Mappings without a path are anonymous.
        IEnumerable<string> mapped = worker.Read("maps")
            .Split('\n').Select((line) => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries)).Where((words) => words.Length == 6)
            .Select((words) => words[5].Trim()).Where((path) => !s_kernels.Contains(path)).Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(List("worker-maps.txt"), mapped);
    }

    [Theory]
    [MemberData(nameof(Jailed))]
    public async Task The_engine_lies_once_on_the_disk_and_is_mapped_from_there(SecurityLevel level)
    {
        await using LiveWorker worker = await LiveWorker.At(level);
        Linux.FileIdentity file = Linux.FileIdentity.Of(Path.Combine(Repository.Root, "artifacts", "engine", "node"))!.Value;

        string[] lines = [.. worker.Read("maps").Split('\n').Where((line) => line.EndsWith(" /engine/node", StringComparison.Ordinal))];

        Assert.NotEmpty(lines);
        // The kernel writes the device as major:minor. makedev(3) has both in one number.
        string device = $"{(file.Device >> 8) & 0xfff:x2}:{(file.Device & 0xff) | ((file.Device >> 12) & 0xfff00):x2}";
        Assert.All(lines, (line) => Assert.Equal([device, $"{file.Inode}"], line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3..5]));
    }

    private static readonly string[] s_kernels = ["[stack]", "[heap]", "[vdso]", "[vvar]", "[vvar_vclock]", "[vsyscall]"];

    private static string[] List(string name) => File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Enclave.Attacks.Tests", "Isolation", name));
}
