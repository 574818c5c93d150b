using System.Net;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>Parses addresses to listen on.</summary>
internal static class ListenHosts
{
    /// <summary>The address; null for all.</summary>
    public static IPAddress? Parse(string text) => text switch
    {
        "*" or "0.0.0.0" or "::" => null,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(text, out IPAddress? address)
        ? address
        : throw new UsageException($"--host is \"{text}\"; it takes an IP address, localhost, or *."),
    };
}
