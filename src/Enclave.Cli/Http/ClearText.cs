using System.Net;
using System.Text.Json.Nodes;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Http;

/// <summary>Reports the services that other machines can reach without encryption.</summary>
internal static class ClearText
{
    /// <summary>Warns of each address that is neither encrypted nor of this machine alone.</summary>
    public static void Warn(Terminal terminal, params IEnumerable<string> addresses)
    {
        foreach (string address in addresses.Where(IsOpen))
        {
            Warn(terminal, $"{address} is served in clear: whoever is on the way reads tokens, scripts and values, and changes them. " +
                "Give --tls-certificate and --tls-key, or let only a proxy with TLS reach it.");
        }
    }

    /// <summary>Writes a warning as a line of the log.</summary>
    public static void Warn(Terminal terminal, string message) => terminal.Error.WriteJson(
        new JsonObject { ["LogLevel"] = "Warning", ["Category"] = "Enclave.Cli", ["Message"] = message }.ToJsonString());

    /// <summary>True for an address that is not of this machine alone.</summary>
    public static bool IsOnNetwork(string address) =>
        !IPAddress.TryParse(new Uri(address).Host.Trim('[', ']'), out IPAddress? host) || !IPAddress.IsLoopback(host);

    private static bool IsOpen(string address) => new Uri(address).Scheme is "http" or "ws" && IsOnNetwork(address);
}
