namespace Enclave.Cli.Doctor.Probes;

/// <summary>Looks at one thing of this machine. Never throws for what it finds.</summary>
internal interface IProbe
{
    Task<Finding> ProbeAsync(CancellationToken cancellationToken);
}
