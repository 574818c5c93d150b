namespace Enclave.Cli.Doctor.Probes;

/// <summary>Reports the memory for workers.</summary>
internal sealed class MemoryProbe : IProbe
{
    public Task<Finding> ProbeAsync(CancellationToken cancellationToken)
    {
        // In a container this is the container's limit, whereas /proc/meminfo shows the machine's memory.
        long usable = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        string? available = File.ReadLines("/proc/meminfo").FirstOrDefault((line) => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        long free = available is null ? 0 : long.Parse(available.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) >> 10;
        return Task.FromResult(new Finding { Name = "memory", Value = $"{usable} MB usable, {free} MB free on the machine" });
    }
}
