namespace Enclave.Benchmarks;

/// <summary>Percentiles by nearest rank, so each is a measured value.</summary>
internal static class Percentile
{
    public static double Of(IReadOnlyList<double> sorted, int percent) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
}
