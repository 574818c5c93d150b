namespace Enclave.Isolation.Cgroups;

/// <summary>What a worker's group is given.</summary>
/// <param name="MemoryBytes">Memory that the group may be charged beyond what it holds when the limit is set.</param>
/// <param name="Processes">Processes and threads.</param>
/// <param name="CpuPercent">Share of CPU under contention, in percent of what a process outside has.</param>
internal readonly record struct ControlGroupLimits(long MemoryBytes, int Processes, int CpuPercent);
