namespace Enclave.Cluster.Tests.Checking;

/// <summary>Everything that must hold of a run, whatever was done to the cluster.</summary>
internal static class Checker
{
    public static IReadOnlyList<Finding> Check(Evidence evidence) =>
        [.. FinalRule.Check(evidence), .. LogRule.Check(evidence), .. ReaderRule.Check(evidence), .. OnceRule.Check(evidence), .. WaitRule.Check(evidence)];
}
