namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks one property of this machine. Never throws because of what it finds.</summary>
internal interface IProbe
{
    Task<Finding> ProbeAsync(CancellationToken cancellationToken);
}
