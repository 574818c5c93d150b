using System.Diagnostics;
using Enclave.Isolation;
using Enclave.Isolation.Cgroups;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>The kernel's own groups, if this process may make some.</summary>
public sealed class RealControlGroupTests
{
    private static readonly ControlGroupTree s_tree = Machine.This.ControlGroups;

    [Fact]
    public async Task R16_A_process_beyond_its_groups_memory_is_killed_and_counted()
    {
        using ControlGroup group = Make(new ControlGroupLimits(32 << 20, 50, 50));
        // Waits until it is moved, then allocates 256 MB. Without a limit it succeeds.
        using Process shell = Shell("read line; head -c 268435456 /dev/zero | tail -c 268435456 | wc -c");
        Assert.True(group.Enter(shell.Id));
        Assert.Equal(0, group.OutOfMemoryKills);

        await shell.StandardInput.WriteLineAsync();
        string counted = await Within.Deadline(shell.StandardOutput.ReadToEndAsync(), "end of the bomb");
        await Within.Deadline(shell.WaitForExitAsync(), "end of the shell");

        Assert.NotEqual("268435456", counted.Trim());
        Assert.InRange(group.OutOfMemoryKills, 1, 10);
    }

    [Fact]
    public async Task A_group_refuses_more_processes_than_it_may_have()
    {
        using ControlGroup group = Make(new ControlGroupLimits(64 << 20, 1, 50));
        using Process shell = Shell("read line; (echo child) 2>/dev/null && echo forked");
        Assert.True(group.Enter(shell.Id));

        await shell.StandardInput.WriteLineAsync();
        string said = await Within.Deadline(shell.StandardOutput.ReadToEndAsync(), "end of the shell");
        await Within.Deadline(shell.WaitForExitAsync(), "end of the shell");

        Assert.DoesNotContain("forked", said, StringComparison.Ordinal);
        Assert.DoesNotContain("child", said, StringComparison.Ordinal);
        Assert.Equal(0, group.OutOfMemoryKills);
    }

    [Fact]
    public async Task A_group_is_removed_when_its_process_is_gone_and_not_before()
    {
        ControlGroup group = Make(new ControlGroupLimits(64 << 20, 10, 50));
        string[] folders = [.. s_tree.Folders.Values.Distinct().Select((folder) => Path.Combine(folder, group.Name))];
        using Process shell = Shell("read line");
        Assert.True(group.Enter(shell.Id));
        Assert.All(folders, (folder) => Assert.Equal($"{shell.Id}", File.ReadAllText(Path.Combine(folder, "cgroup.procs")).Trim()));
        Assert.Contains("/" + group.Name, File.ReadAllText($"/proc/{shell.Id}/cgroup"), StringComparison.Ordinal);

        group.Dispose();
        Assert.All(folders, (folder) => Assert.True(Directory.Exists(folder)));

        shell.Kill();
        await Within.Deadline(shell.WaitForExitAsync(), "end of the shell");
        // A process leaves its group shortly after it was reaped.
        await Within.Becomes(() => !folders.Any(Directory.Exists), "the group was removed");
    }

    [Fact]
    public void A_killed_hosts_groups_are_removed_from_the_kernels_tree()
    {
        SkipWithoutGroups();
        string[] folders = [.. s_tree.Folders.Values.Distinct().Select((folder) => Path.Combine(folder, ControlGroup.NameOf(4_194_305, 1)))];
        foreach (string folder in folders) Directory.CreateDirectory(folder);

        ControlGroup.RemoveStale(s_tree);

        Assert.All(folders, (folder) => Assert.False(Directory.Exists(folder)));
    }

    private static ControlGroup Make(ControlGroupLimits limits)
    {
        SkipWithoutGroups();
        ControlGroup? group = ControlGroup.TryMake(s_tree, out string fault);
        Assert.True(group is not null, fault);
        Assert.True(group.Limit(limits), "a limit was refused");
        return group;
    }

    private static void SkipWithoutGroups() => Assert.SkipUnless(s_tree.IsUsable, $"control groups: {s_tree.Detail}: {s_tree.Remedy}");

    private static Process Shell(string script) =>
        Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
