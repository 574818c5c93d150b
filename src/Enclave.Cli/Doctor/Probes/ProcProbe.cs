using Enclave.Linux;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Reports whether /proc hides processes from the host, which verifies there what its workers have given up.</summary>
internal sealed class ProcProbe : IProbe
{
    private const string Name = "/proc";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    // This probe never reports a fault: if a worker cannot be verified, the worker's own probe fails, and its message has the remedy.
    private static Finding Probe() => new()
    {
        Name = Name,
        Value = ProcMount.Hides is { } hides
            ? $"hides locked processes (hidepid={hides}): the host opens the files of its workers before they lock themselves"
            : "shows the workers",
    };
}
