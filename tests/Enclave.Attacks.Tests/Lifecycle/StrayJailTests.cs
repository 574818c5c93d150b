using System.Diagnostics;
using Enclave.Isolation;
using Enclave.Linux;
using Enclave.Processes;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>
/// Remains of a jail whose bubblewrap was killed while making it. The host ends them, or the next host if that one is dead. No other process is touched.
/// </summary>
[Collection(Alone.Name)]
public sealed class StrayJailTests : IDisposable
{
    private readonly List<int> _started = [];

    public static bool HasNoJail => Machine.This.BubblewrapFault is not null;

    [Theory(Skip = "bubblewrap makes no jail here", SkipWhen = nameof(HasNoJail))]
    [InlineData("a dead host's")]
    [InlineData("this host's")]
    public async Task L3_A_jail_left_half_made_is_ended(string whose)
    {
        using Process ended = Process.Start(new ProcessStartInfo("/bin/true"))!;
        await ended.WaitForExitAsync();
        using Process jail = HalfMade(whose == "this host's" ? Environment.ProcessId : ended.Id);
        int child = await Child(jail);
        jail.Kill();
        await jail.WaitForExitAsync();
        Assert.True(ProcessTable.Exists(child), "the child of a killed bubblewrap waits for ever");

        Assert.True(StrayJails.Remove() > 0);
        await Within.Becomes(() => !ProcessTable.Exists(child) || ProcessTable.IsZombie(child), "the child that was left was ended");
    }

    [Fact(Skip = "bubblewrap makes no jail here", SkipWhen = nameof(HasNoJail))]
    public async Task L1_Bubblewraps_killed_at_any_moment_of_their_start_leave_nothing_half_made()
    {
        var random = new Random(20258);
        for (int i = 0; i < TestSize.Of(20, 1000); i++)
        {
            var launcher = new TestLauncher(TestLauncher.Real());
            var pool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 1 };
            await using var host = new EnclaveHost(new EnclaveOptions { Adapter = EnclaveAdapter.WorkerPool, WorkerPool = pool }, null, launcher);
            await Within.Becomes(() => launcher.Pids.Length > 0, "a worker was started");
            Thread.SpinWait(random.Next(60_000));
            ProcessTable.Signal(launcher.Pids[0], ProcessTable.Kill);
        }

        await HostTraces.AssertNone();
    }

    [Theory(Skip = "bubblewrap makes no jail here", SkipWhen = nameof(HasNoJail))]
    [InlineData("its host lives")]
    [InlineData("its bubblewrap lives")]
    public async Task A_jail_that_somebody_looks_after_is_let_be(string why)
    {
        using Process ended = Process.Start(new ProcessStartInfo("/bin/true"))!;
        await ended.WaitForExitAsync();
        using Process living = Process.Start(new ProcessStartInfo("/bin/sleep", ["600"]))!;
        _started.Add(living.Id);
        using Process jail = HalfMade(why == "its host lives" ? living.Id : ended.Id);
        int child = await Child(jail);
        if (why == "its host lives")
        {
            jail.Kill();
            await jail.WaitForExitAsync();
        }

        StrayJails.Remove();

        Assert.True(ProcessTable.Exists(child) && !ProcessTable.IsZombie(child), why);
    }

    public void Dispose()
    {
        foreach (int pid in _started.Where((pid) => ProcFile.Text($"/proc/{pid}/comm") is "bwrap\n" or "sleep\n")) ProcessTable.Signal(pid, ProcessTable.Kill);
    }

    /// <summary>A bubblewrap that cannot report its child, because nobody reads the pipe, and therefore never lets the child continue.</summary>
    private Process HalfMade(int host)
    {
        string fifo = Path.Combine(Path.GetTempPath(), $"enclave-half-made-{Guid.NewGuid():N}");
        string jail = $"{Machine.This.Bubblewrap} --unshare-pid --as-pid-1 --die-with-parent --info-fd 3 --ro-bind / / -- /bin/true ./snapshot.bin {host}";
        var process = Process.Start(
            new ProcessStartInfo("/bin/bash", ["-c", $"mkfifo {fifo} && exec 3<>{fifo} && rm {fifo} && head -c 65536 /dev/zero >&3 && exec {jail}"]))!;
        _started.Add(process.Id);
        return process;
    }

    private async Task<int> Child(Process jail)
    {
        int child = 0;
        await Within.Becomes(() => (child = ProcessTable.Children(jail.Id).FirstOrDefault()) != 0 && ProcFile.Text($"/proc/{child}/comm") == "bwrap\n",
            "bubblewrap made its child");
        _started.Add(child);
        return child;
    }
}
