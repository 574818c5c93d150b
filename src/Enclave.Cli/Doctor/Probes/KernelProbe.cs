using System.Runtime.InteropServices;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Reports the operating system and its kernel.</summary>
internal sealed class KernelProbe : IProbe
{
    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(new Finding
    {
        Name = "kernel",
        Value = $"{Environment.OSVersion.Version} {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()} ({RuntimeInformation.OSDescription})",
    });
}
