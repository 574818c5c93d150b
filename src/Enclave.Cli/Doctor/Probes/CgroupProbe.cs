using System.Runtime.InteropServices;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Control groups: which kind there is, and whether this user may limit workers with them.</summary>
internal sealed partial class CgroupProbe : IProbe
{
    private const string Name = "cgroups";
    private const int Writable = 2;

    public Task<Finding> LookAsync(CancellationToken cancellationToken) => Task.FromResult(Look());

    private static Finding Look()
    {
        // Device, mount point, type, options.
        string[][] mounts = [.. File.ReadLines("/proc/self/mounts").Select((line) => line.Split(' ')).Where((mount) => mount[2] is "cgroup" or "cgroup2")];
        bool first = mounts.Any((mount) => mount[2] == "cgroup");
        string? second = mounts.FirstOrDefault((mount) => mount[2] == "cgroup2")?[1];
        if (mounts.Length == 0) return Finding.Missing(Name, "none mounted", "mount cgroup2 at /sys/fs/cgroup; without it rlimits and the host's own watch hold memory and CPU");
        string kind = (first, second) switch
        {
            (true, not null) => "hybrid",
            (true, null) => "v1",
            _ => "v2",
        };
        string folder = second is null ? mounts[0][1] : second + OwnGroup();
        return access(folder, Writable) == 0
            ? new Finding { Name = Name, Value = $"{kind}, writable ({folder})" }
            : Finding.Missing(Name, $"{kind}, not writable ({folder})", "delegate a group to this user (systemd: Delegate=yes); without it rlimits and the host's own watch hold memory and CPU");
    }

    private static string OwnGroup() =>
        File.ReadLines("/proc/self/cgroup").FirstOrDefault((line) => line.StartsWith("0::", StringComparison.Ordinal))?[3..].TrimEnd('/') ?? "";

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);
}
