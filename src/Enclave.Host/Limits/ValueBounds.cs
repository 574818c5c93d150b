using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Limits;

/// <summary>Whether a value that a worker sent may be read: what it takes then is more than what was sent.</summary>
internal static class ValueBounds
{
    /// <summary>The limit that it is above, in words; null for none.</summary>
    public static string? Exceeded(in ValueCost cost, long maxMemory)
    {
        if (cost.Memory > maxMemory) return $"reading this takes {cost.Memory} bytes of the host's memory, and the limit is {maxMemory} (HostMemoryLimitPerRun)";
        if (cost.DecimalWork <= ValueCost.MaxDecimalWork) return null;
        return "its BigInts take longer to write in decimal than sixteen of 8 KB, the most for one value; strings and bytes have no such limit";
    }
}
