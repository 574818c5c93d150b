namespace Enclave.LoadBench;

/// <summary>One way to run a workload's job many times.</summary>
internal sealed record BenchForm(string Name, TimeSpan Gap, int WarmUp, int Jobs);
