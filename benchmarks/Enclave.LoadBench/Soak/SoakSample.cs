namespace Enclave.LoadBench.Soak;

/// <summary>What is held while no job is under way.</summary>
/// <param name="Minute">Since the first sample.</param>
/// <param name="Jobs">Ended since the first sample.</param>
/// <param name="HostManaged">MiB that are left after a full collection.</param>
/// <param name="HostResident">MiB resident in the host's process.</param>
/// <param name="Workers">Processes that were found.</param>
/// <param name="WorkerMean">Private MiB, the mean of all workers.</param>
/// <param name="WorkerMost">Private MiB of the one that holds the most.</param>
/// <param name="WorkersAll">Private MiB of all together.</param>
internal sealed record SoakSample(double Minute, long Jobs, double HostManaged, double HostResident, int Workers, double WorkerMean, double WorkerMost, double WorkersAll);
