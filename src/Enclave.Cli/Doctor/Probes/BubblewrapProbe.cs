using System.Runtime.Versioning;
using Enclave.Isolation;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks bubblewrap, which gives a worker its own root, by creating an empty jail.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BubblewrapProbe : IProbe
{
    private const string Name = "bubblewrap";

    public async Task<Finding> ProbeAsync(CancellationToken cancellationToken)
    {
        if (Machine.This.Bubblewrap is not { } path) return Finding.Missing(Name, "not installed", "apt-get install -y bubblewrap");
        if (Machine.This.BubblewrapFault is { } fault) return Finding.Missing(
            Name, $"{path} cannot create a jail here ({fault})", "allow user namespaces (below), run the host as root, or accept Landlock in its place");
        string version =
            await ProbeCommand.RunAsync(path, ["--version"], cancellationToken).ConfigureAwait(false) is (0, var said) ? said : "of unknown version";
        return new Finding { Name = Name, Value = $"{version} ({path})" };
    }
}
