namespace Enclave.Cluster.Tests.Checking;

/// <summary>Checks everything that must hold after a run, whatever faults there were.</summary>
internal static class Checker
{
    public static IReadOnlyList<Finding> Check(Evidence evidence) =>
        [.. FinalRule.Check(evidence), .. LogRule.Check(evidence), .. ReaderRule.Check(evidence), .. OnceRule.Check(evidence), .. WaitRule.Check(evidence)];
}
