namespace Enclave.Cli.Doctor.Probes;

/// <summary>Reports the processors that this process may use, which is the default number of a batch's workers.</summary>
internal sealed class CoresProbe : IProbe
{
    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new Finding { Name = "cores", Value = $"{Environment.ProcessorCount}" });
}
