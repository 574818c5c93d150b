namespace Enclave.DotNetPeers.Workloads;

internal static class WarmUp
{
    /// <summary>The time that .NET needs to compile hot code for speed, as Enclave.LoadBench gives it.</summary>
    public static TimeSpan Least(Plan plan) => TimeSpan.FromSeconds(plan.Quick ? 0.3 : 5);
}
