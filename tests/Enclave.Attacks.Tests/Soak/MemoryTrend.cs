using System.Globalization;

namespace Enclave.Attacks.Tests.Soak;

/// <summary>The host's memory over many jobs. Each sample is taken after a full collection, while no job is running.</summary>
internal sealed class MemoryTrend
{
    /// <summary>
    /// Less than a kilobyte per job, plus room for variation: the array pool keeps up to eight buffers of a megabyte per core, which come
    /// within the first 2,000 jobs. In ten minutes there are so many jobs that the room is less than a kilobyte of each.
    /// </summary>
    private const long ManagedPerJob = 512, ManagedScatter = 24 << 20, ResidentPerJob = 1024, ResidentScatter = 48 << 20;

    private readonly List<(long Jobs, long Managed, long Resident)> _samples = [];

    public void Sample(long jobs)
    {
        long managed = long.MaxValue;
        for (int i = 0; i < 3; i++) managed = Math.Min(managed, GC.GetTotalMemory(forceFullCollection: true));
        string resident = File.ReadAllText("/proc/self/statm").Split(' ')[1];
        _samples.Add((jobs, managed, long.Parse(resident, CultureInfo.InvariantCulture) * Environment.SystemPageSize));
    }

    /// <summary>Compares the least of the first samples with the least of the last: a peak proves nothing, a leak raises all samples.</summary>
    public void AssertFlat()
    {
        var (early, late) = (_samples[..(_samples.Count / 2)], _samples[(_samples.Count / 2)..]);
        long jobs = late[0].Jobs - early[0].Jobs;
        long managed = late.Min((sample) => sample.Managed) - early.Min((sample) => sample.Managed),
            resident = late.Min((sample) => sample.Resident) - early.Min((sample) => sample.Resident);
        Assert.True(managed <= ManagedScatter + (ManagedPerJob * jobs), $"{managed} bytes more managed memory after {jobs} jobs: {this}");
        Assert.True(resident <= ResidentScatter + (ResidentPerJob * jobs), $"{resident} bytes more resident memory after {jobs} jobs: {this}");
    }

    public override string ToString() =>
        "memory of the host, managed/resident MB: " + string.Join(", ", _samples.Select(
            (sample) => string.Create(CultureInfo.InvariantCulture, $"{sample.Managed / 1048576.0:0.0}/{sample.Resident / 1048576.0:0} after {sample.Jobs}")));
}
