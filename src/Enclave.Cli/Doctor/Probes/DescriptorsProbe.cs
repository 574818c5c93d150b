namespace Enclave.Cli.Doctor.Probes;

/// <summary>Reports how many files the process may open, and whether that suffices for a host.</summary>
internal sealed class DescriptorsProbe : IProbe
{
    private const string Name = "descriptors";

    /// <summary>The most descriptors of a host without workers, and of each worker (docs/deployment.md).</summary>
    private const int OfHost = 160, OfWorker = 16;

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken)
    {
        string? line = File.ReadLines("/proc/self/limits").FirstOrDefault((line) => line.StartsWith("Max open files", StringComparison.Ordinal));
        return Task.FromResult(Of(line?.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]));
    }

    /// <param name="limit">The soft limit as the kernel shows it; null if it does not.</param>
    public static Finding Of(string? limit)
    {
        if (!int.TryParse(limit, out int most)) return new Finding { Name = Name, Value = limit ?? "not shown" };
        int workers = Math.Max(0, (most - OfHost) / OfWorker);
        return workers > 0
            ? new Finding { Name = Name, Value = $"{most} open files: at most {workers} workers" }
            : Finding.Missing(
                Name, $"{most} open files", $"a host needs {OfHost}, and {OfWorker} for each worker: raise the limit (ulimit -n, LimitNOFILE=)");
    }
}
