namespace Enclave.LoadBench.Soak;

/// <summary>The memory while no job is running.</summary>
/// <param name="Minute">Since the first sample.</param>
/// <param name="Jobs">Ended since the first sample.</param>
/// <param name="HostManaged">MiB after a full collection.</param>
/// <param name="HostResident">MiB resident in the host's process.</param>
/// <param name="Workers">The number of worker processes.</param>
/// <param name="WorkerMean">Private MiB, the mean of all workers.</param>
/// <param name="WorkerMost">Private MiB of the largest worker.</param>
/// <param name="WorkersAll">Private MiB of all together.</param>
internal sealed record SoakSample(
    double Minute, long Jobs, double HostManaged, double HostResident, int Workers, double WorkerMean, double WorkerMost, double WorkersAll);
