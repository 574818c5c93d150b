using System.Net;

namespace Enclave.Runtime.Options;

/// <summary>Where a runtime listens.</summary>
internal static class ListenAddress
{
    /// <summary>The addresses that a text stands for; none when it stands for none.</summary>
    public static IPAddress[] Parse(string host) => host switch
    {
        "localhost" => [IPAddress.Loopback],
        "*" => [IPAddress.IPv6Any],
        _ => IPAddress.TryParse(host, out IPAddress? address) ? [address] : [],
    };

    public static bool IsLoopback(string host) => Parse(host) is { Length: > 0 } addresses && addresses.All(IPAddress.IsLoopback);
}
