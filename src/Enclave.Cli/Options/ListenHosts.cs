using System.Net;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>Where to listen, as people write it.</summary>
internal static class ListenHosts
{
    /// <summary>The address; null for everywhere.</summary>
    public static IPAddress? Parse(string text) => text switch
    {
        "*" or "0.0.0.0" or "::" => null,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(text, out IPAddress? address) ? address : throw new UsageException($"--host is \"{text}\"; it takes an IP address, localhost, or *."),
    };
}
