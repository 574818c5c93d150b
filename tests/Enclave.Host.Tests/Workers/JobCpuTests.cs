using System.Diagnostics;
using Enclave.Limits;
using Enclave.Processes;
using Enclave.Runs;
using Enclave.Tests;
using Enclave.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Host.Tests;

/// <summary>The part of a worker's CPU time that the host counts for a job.</summary>
public sealed class JobCpuTests : IWorkerOwner
{
    [Fact]
    public void CPU_time_that_a_worker_used_before_a_job_is_never_the_jobs()
    {
        // This process plays an old worker: the host's clock may check a job in the moment it begins.
        Burn(TimeSpan.FromSeconds(1));
        LevelLimits level = LevelLimits.For(SecurityLevel.Standard);
        var process = new SpawnedWorker(new StartedProcess(Environment.ProcessId, -1, new HostPipes(-1, -1, -1), -1, 0), null);
        var worker = new Worker(1, process, new WorkerSettings(
            WorkerPoolPresets.Standard.MemoryLimitPerWorker, level.KillGrace, new DeadlineClock(), NullLogger.Instance)
        { Setup = TestLauncher.Setup }, this);
        var results = new ResultBuilder(verbose: false, WorkerPoolPresets.Standard);
        JobSession looked = Session(worker, results);
        long most = 0;
        bool ended = false;
        var looks = new Thread(() =>
        {
            while (!Volatile.Read(ref ended)) most = Math.Max(most, Volatile.Read(ref looked).CpuMicroseconds);
        });
        looks.Start();

        for (int i = 0; i < 5_000; i++)
        {
            JobSession next = Session(worker, results);
            Volatile.Write(ref looked, next);
            next.Begin();
        }

        Volatile.Write(ref ended, true);
        looks.Join();
        Assert.InRange(most, 0, 500_000);
    }

    /// <summary>Microseconds would tell which pages the worker had used before, for whomever.</summary>
    [Fact]
    public async Task Where_workers_serve_several_tenants_CPU_time_is_told_in_whole_milliseconds()
    {
        TestedEngine.NeedsNative("the CPU time of one run, exactly");
        await using var host = new EnclaveHost(new EnclaveOptions());
        for (int i = 0; i < 5; i++)
        {
            ExecutionResult result = await host.RunAsync("return 1");
            Assert.True(result.Success, result.Error?.Message);
            Assert.True(result.Stats.CpuTime > TimeSpan.Zero);
            Assert.Equal(0, result.Stats.CpuTime.Ticks % TimeSpan.TicksPerMillisecond);
        }
    }

    void IWorkerOwner.OnReady() { }

    void IWorkerOwner.OnIdle() { }

    void IWorkerOwner.OnWaiting() { }

    void IWorkerOwner.OnLost(RecycleReason reason) { }

    void ISecurityObserver.OnSecurityEvent(SecurityEvent report) { }

    void IWorkerOwner.OnGone() { }

    private static JobSession Session(Worker worker, ResultBuilder results) =>
        new(new ExecutionJob(1, null!, SmallestLimits.Value, [], null, (_) => { }) { Tools = null!, Memory = null! },
            new WorkerLease(worker, ""), results, 1, LevelLimits.For(SecurityLevel.Standard));

    private static void Burn(TimeSpan cpu)
    {
        using var self = Process.GetCurrentProcess();
        while (self.TotalProcessorTime < cpu)
        {
            Thread.SpinWait(10_000);
            self.Refresh();
        }
    }
}
