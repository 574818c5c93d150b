using System.Runtime.Versioning;
using Enclave.Linux;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Reports how many files the process may open, and whether that suffices for a host.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DescriptorsProbe : IProbe
{
    private const string Name = "descriptors";

    /// <summary>The most descriptors of a host without workers, and of each worker (docs/deployment.md).</summary>
    private const int OfHost = 160, OfWorker = 16;

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Find());

    private static Finding Find()
    {
        if (FreeDescriptors.Limit is not { } most) return new Finding { Name = Name, Value = "not shown" };
        int workers = Math.Max(0, (most - OfHost) / OfWorker);
        return workers > 0
            ? new Finding { Name = Name, Value = $"{most} open files: at most {workers} workers" }
            : Finding.Missing(
                Name, $"{most} open files", $"a host needs {OfHost}, and {OfWorker} for each worker: raise the limit (ulimit -n, LimitNOFILE=)");
    }
}
