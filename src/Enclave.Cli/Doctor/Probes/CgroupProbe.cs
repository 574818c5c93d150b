using Enclave.Isolation.Cgroups;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Control groups: which kind there is, and whether this user may limit workers with them. Tried: a group is made, limited and removed.</summary>
internal sealed class CgroupProbe : IProbe
{
    private const string Name = "cgroups", Without = "; without it rlimits and the host's own watch hold memory and CPU";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    private static Finding Probe()
    {
        var tree = ControlGroupTree.OfThisProcess();
        if (!tree.IsUsable) return Finding.Missing(Name, tree.Detail, tree.Remedy + Without);
        using ControlGroup? group = ControlGroup.TryMake(tree, out string fault);
        if (group?.Limit(new ControlGroupLimits(64 << 20, 16, 50)) == true) return new Finding { Name = Name, Value = tree.Detail };
        return group is not null
            ? Finding.Missing(Name, $"{tree.Detail}, and a group of it takes no limits", "look at the permissions of that folder" + Without)
            : Finding.Missing(Name, $"{tree.Detail}, and a group could not be made: {fault}", "look at the permissions of that folder" + Without);
    }
}
