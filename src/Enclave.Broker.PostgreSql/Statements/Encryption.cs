using System.Data.Common;
using System.Net;
using Npgsql;

namespace Enclave.Broker.PostgreSql.Statements;

/// <summary>
/// Decides about TLS where a connection string does not. A server over a network has to prove who it is: until then another one could answer, and its answers
/// take memory before there is a password.
/// </summary>
internal static class Encryption
{
    private static readonly string[] s_keywords = ["SSL Mode", "SslMode"];

    /// <summary>Demands TLS and the name in the certificate for a server that is not on this machine, unless the text says something about it.</summary>
    /// <param name="connection">The settings.</param>
    /// <param name="given">The text that they come from.</param>
    public static void Demand(NpgsqlConnectionStringBuilder connection, string given)
    {
        var said = new DbConnectionStringBuilder { ConnectionString = given };
        if (!s_keywords.Any(said.ContainsKey) && connection.Host is { } hosts && hosts.Split(',').Any(IsOnNetwork)) connection.SslMode = SslMode.VerifyFull;
    }

    /// <summary>False for a socket of this machine (a path, or @ and a name) and for loopback, with or without a port.</summary>
    private static bool IsOnNetwork(string host)
    {
        string name = host.Trim();
        if (name.StartsWith('/') || name.StartsWith('@')) return false;
        if (IPEndPoint.TryParse(name, out IPEndPoint? address)) return !IPAddress.IsLoopback(address.Address);
        int colon = name.LastIndexOf(':');
        return !(colon < 0 ? name : name[..colon]).Equals("localhost", StringComparison.OrdinalIgnoreCase);
    }
}
