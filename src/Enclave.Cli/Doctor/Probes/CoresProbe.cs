namespace Enclave.Cli.Doctor.Probes;

/// <summary>Processors that this process may use: what a batch has workers for.</summary>
internal sealed class CoresProbe : IProbe
{
    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new Finding { Name = "cores", Value = $"{Environment.ProcessorCount}" });
}
