using System.Runtime.InteropServices;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Reports the .NET version of the host.</summary>
internal sealed class RuntimeProbe : IProbe
{
    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(new Finding
    {
        Name = "runtime",
        Value = $"{RuntimeInformation.FrameworkDescription} ({RuntimeInformation.RuntimeIdentifier})",
    });
}
