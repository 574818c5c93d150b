using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Worker.Tests;

/// <summary>A reset also restores the random generator: each job has its own seed.</summary>
public sealed class RandomnessTests
{
    [Fact]
    public void No_two_jobs_of_a_worker_have_the_same_randomness()
    {
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
        var seen = new HashSet<double>();

        for (int i = 0; i < TestSize.Of(10_000, 100_000); i++)
            Assert.True(seen.Add(worker.Run(new ScriptJob("return Math.random()")).Value.AsDouble()), $"job {i} repeats one before");
    }

    [Fact]
    public void No_two_workers_have_the_same_randomness()
    {
        var seen = new HashSet<double>();
        for (int i = 0; i < 5; i++)
        {
            using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);
            Assert.True(seen.Add(worker.Run(new ScriptJob("return Math.random()")).Value.AsDouble()));
        }
    }

    [Fact]
    public void First_values_are_spread_evenly()
    {
        const int Buckets = 64, Jobs = 6400;
        // The 0.999999 quantile of chi-square with 63 degrees of freedom is about 127.
        const double Most = 127;
        int[] counts = new int[Buckets];
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);

        for (int i = 0; i < Jobs; i++) counts[(int)(worker.Run(new ScriptJob("return Math.random()")).Value.AsDouble() * Buckets)]++;

        const double Expected = (double)Jobs / Buckets;
        Assert.InRange(counts.Sum((count) => (count - Expected) * (count - Expected) / Expected), 0, Most);
    }

    [Theory]
    [InlineData(0ul)]
    [InlineData(1ul)]
    [InlineData(20_261_122ul)]
    [InlineData(ulong.MaxValue)]
    public void A_repeatable_job_has_the_sequence_of_its_seed(ulong seed)
    {
        var job = new ScriptJob("return Array.from({ length: 50 }, () => Math.random() * 2 ** 53)") { Origin = RunOrigin.Of(seed, 0) };
        using LiveWorker worker = LiveWorker.Open(WorkerSetup.Tracked);

        for (int round = 0; round < 3; round++)
        {
            ulong state = seed;
            JobAnswer answer = worker.Run(job);
            for (int i = 0; i < 50; i++) Assert.Equal(Next(ref state) >> 11, (ulong)answer.Value[i].AsDouble());
        }
    }

    /// <summary>SplitMix64, https://prng.di.unimi.it/splitmix64.c.</summary>
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
