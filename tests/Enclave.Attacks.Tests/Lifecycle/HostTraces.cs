using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>The machine's resources that a host holds: processes, threads, descriptors, user ids, control groups.</summary>
internal static class HostTraces
{
    private const string UserSocket = "@enclave-worker-user-";

    /// <summary>The targets of all descriptors that a host opens for workers, sorted. Those of assemblies stay, once a job has loaded one.</summary>
    public static string[] Descriptors() =>
    [
        .. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select((entry) => ProcFile.Link(entry) ?? "")
            .Select((target) =>
                target.StartsWith("pipe:", StringComparison.Ordinal) ? "pipe" : target.StartsWith("socket:", StringComparison.Ordinal) ? "socket" : target)
            .Where((target) => !target.EndsWith(".dll", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>All processes that carry this host's id.</summary>
    public static IReadOnlyList<int> Workers()
    {
        var found = new List<int>();
        string host = $"\0./snapshot.bin\0{Environment.ProcessId}\0";
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int pid) && ProcFile.Text($"{folder}/cmdline")?.Contains(host, StringComparison.Ordinal) == true)
                found.Add(pid);
        }

        return found;
    }

    /// <summary>The user ids that sockets of this process reserve.</summary>
    public static IReadOnlyList<string> Users()
    {
        var own = Directory.EnumerateFileSystemEntries("/proc/self/fd").Select((entry) => ProcFile.Link(entry) ?? "").ToHashSet(StringComparer.Ordinal);
        return
        [
            .. (ProcFile.Text("/proc/net/unix") ?? "").Split('\n').Where((line) => line.Contains(UserSocket, StringComparison.Ordinal))
                .Select((line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where((fields) => own.Contains($"socket:[{fields[6]}]")).Select((fields) => fields[7]),
        ];
    }

    public static IReadOnlyList<string> ControlGroups() =>
        [.. Machine.This.ControlGroups.Folders.Values.Distinct()
            .SelectMany((folder) => Directory.EnumerateDirectories(folder, $"enclave.{Environment.ProcessId}.*"))];

    /// <summary>Threads that belong to a worker.</summary>
    public static int Threads() =>
        Directory.EnumerateDirectories("/proc/self/task")
            .Count((task) => ProcFile.Text($"{task}/comm")?.StartsWith("enclave-worker", StringComparison.Ordinal) == true);

    /// <summary>Waits until ended hosts have left nothing behind.</summary>
    public static async Task AssertNone()
    {
        await Within.Becomes(
            () => ProcessTable.Children(Environment.ProcessId).Length == 0, "no child process and no zombie was left",
            () => string.Join(", ", ProcessTable.Children(Environment.ProcessId).Select(Described)));
        await Within.Becomes(() => Workers().Count == 0, "no worker ran on without its host", () => string.Join(", ", Workers().Select(Described)));
        await Within.Becomes(() => Threads() == 0, "no thread of a worker was left");
        Assert.Empty(Users());
        await Within.Becomes(() => ControlGroups().Count == 0, "no control group was left", () => string.Join(", ", ControlGroups()));
    }

    private static string Described(int pid)
    {
        Dictionary<string, string> status = ProcFile.Status($"/proc/{pid}/status");
        string fields = string.Join(
            ' ', ((string[])["Name", "State", "PPid", "NSpid", "Uid", "Threads"]).Select((name) => $"{name} {status.GetValueOrDefault(name)}"));
        string command = string.Join(' ', ProcessTable.Command(pid));
        return $"{pid} ({fields}, waits in {ProcFile.Text($"/proc/{pid}/wchan")}, command {command})".Replace('\t', ' ');
    }

    /// <summary>Waits until no more descriptors are open than before.</summary>
    public static async Task AssertDescriptors(string[] before)
    {
        string[] now = before;
        try
        {
            await Within.Becomes(
                () =>
                {
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    now = Descriptors();
                    return now.Length <= before.Length;
                },
                "no more descriptors were open than before");
        }
        catch (Xunit.Sdk.FailException)
        {
            Assert.Fail($"{before.Length} descriptors before, {now.Length} after. Before: {string.Join(' ', before)}. After: {string.Join(' ', now)}");
        }
    }
}
