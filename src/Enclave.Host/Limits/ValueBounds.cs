using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Limits;

/// <summary>Checks if a worker's value may be decoded: in .NET it takes more memory than in its message.</summary>
internal static class ValueBounds
{
    /// <summary>Names the exceeded limit; null if there is none.</summary>
    public static string? Exceeded(in ValueCost cost, long maxMemory)
    {
        if (cost.Memory > maxMemory)
            return $"reading this takes {cost.Memory} bytes of the host's memory, and the limit is {maxMemory} (HostMemoryLimitPerRun)";
        if (cost.DecimalWork <= ValueCost.MaxDecimalWork) return null;
        return "its BigInts take longer to write in decimal than sixteen of 8 KB, the most for one value; strings and bytes have no such limit";
    }
}
