using System.Globalization;

namespace Enclave;

/// <summary>Numbers the jobs of one host, and names its runs.</summary>
internal sealed class RunIds
{
    private const int HostDigits = 16;

    private long _nextJob;

    /// <summary>The id of the host: 32 random hexadecimal digits.</summary>
    public string Host { get; } = Guid.NewGuid().ToString("N");

    public ulong NextJob() => (ulong)Interlocked.Increment(ref _nextJob);

    /// <summary>The id of a run whose caller gave none. It is unique among hosts: its random digits are the first ones of the audit's <c>host</c>.</summary>
    public string NameOf(ulong job) => string.Create(CultureInfo.InvariantCulture, $"{Host.AsSpan(0, HostDigits)}-{job}");
}
