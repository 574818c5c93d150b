namespace Enclave.Isolation.Cgroups;

/// <summary>The limits of a worker's group.</summary>
/// <param name="MemoryBytes">Memory above the group's usage at the time when the limit is set.</param>
/// <param name="Processes">Processes and threads.</param>
/// <param name="CpuPercent">Share of CPU under contention, in percent of an ordinary process's share.</param>
internal readonly record struct ControlGroupLimits(long MemoryBytes, int Processes, int CpuPercent);
