namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks one property of this machine. A finding is a result, never an exception.</summary>
internal interface IProbe
{
    Task<Finding> ProbeAsync(CancellationToken cancellationToken);
}
