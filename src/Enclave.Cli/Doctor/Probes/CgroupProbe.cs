using Enclave.Isolation.Cgroups;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks control groups: their version, and whether this user may limit workers with them, by creating, limiting and removing a group.</summary>
internal sealed class CgroupProbe : IProbe
{
    private const string Name = "cgroups", Without = "; without them, rlimits and the host itself limit memory and CPU";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    private static Finding Probe()
    {
        var tree = ControlGroupTree.OfThisProcess();
        if (!tree.IsUsable) return Finding.Missing(Name, tree.Detail, tree.Remedy + Without);
        return tree.FaultOfGroup() is { } fault
            ? Finding.Missing(Name, $"{tree.Detail}, but {fault}", "look at the permissions of that folder" + Without)
            : new Finding { Name = Name, Value = tree.Detail };
    }
}
