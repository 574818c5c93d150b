using System.Runtime.InteropServices;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>The .NET that runs the host and its workers.</summary>
internal sealed class RuntimeProbe : IProbe
{
    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(new Finding
    {
        Name = "runtime",
        Value = $"{RuntimeInformation.FrameworkDescription} ({RuntimeInformation.RuntimeIdentifier})",
    });
}
