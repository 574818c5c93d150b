using System.Net;

namespace Enclave.Runtime.Options;

/// <summary>Parses the address that a runtime listens on.</summary>
internal static class ListenAddress
{
    /// <summary>The addresses that a text means; empty if the text is invalid.</summary>
    public static IPAddress[] Parse(string host) => host switch
    {
        "localhost" => [IPAddress.Loopback],
        "*" => [IPAddress.IPv6Any],
        _ => IPAddress.TryParse(host, out IPAddress? address) ? [address] : [],
    };

    public static bool IsLoopback(string host) => Parse(host) is { Length: > 0 } addresses && addresses.All(IPAddress.IsLoopback);
}
