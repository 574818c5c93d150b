using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Enclave.Networks;

/// <summary>
/// Limits the networks that host names may lead to. Other parties resolve names, and choose names in documents. A name that led to a public address yesterday
/// must not lead to this machine, or to the cloud's metadata service, today.
/// </summary>
/// <param name="named">
/// The hosts that the operator wrote. Each may lead to any network, and stays in the kind of network where it was first reached. All others must be public.
/// </param>
internal sealed class NetworkReach(params IEnumerable<string> named)
{
    private readonly HashSet<string> _named = new(named, StringComparer.OrdinalIgnoreCase);

    /// <summary>The kind of network where each of the operator's hosts was first reached. There are at most as many as named.</summary>
    private readonly ConcurrentDictionary<string, NetworkKind> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A handler whose connections stay within this reach. It follows no redirect, keeps no cookies and decompresses nothing.</summary>
    /// <param name="connectTimeout">Longest time of making a connection.</param>
    public SocketsHttpHandler CreateHandler(TimeSpan connectTimeout) => new NetworkConnector(this, Dns.GetHostAddressesAsync).CreateHandler(connectTimeout);

    /// <summary>The addresses among these that are allowed for a host.</summary>
    /// <exception cref="HttpRequestException">None of the addresses is allowed.</exception>
    internal IPAddress[] Allowed(string host, IPAddress[] found)
    {
        if (found.Length == 0) throw new HttpRequestException(HttpRequestError.NameResolutionError, $"{host} has no address");
        NetworkKind kind = Kind(host, found);
        IPAddress[] allowed = [.. found.Where((address) => Of(address) == kind)];
        if (kind != NetworkKind.Never && allowed.Length > 0) return allowed;
        throw new HttpRequestException(HttpRequestError.ConnectionError,
            $"{host} leads to {found[0]}, where {(kind == NetworkKind.Never ? "no service is" : $"it may not lead: it is known as {Words(kind)}")}");
    }

    /// <summary>
    /// Remembers the kind of network where a host was reached. A lookup alone decides nothing: one wrong answer would close the host until a restart.
    /// </summary>
    /// <exception cref="HttpRequestException">Another connection has reached it in another kind of network meanwhile.</exception>
    internal void Remember(string host, NetworkKind reached)
    {
        if (!_named.Contains(host) || reached == NetworkKind.Never) return;
        NetworkKind known = _known.GetOrAdd(host, reached);
        if (known == reached) return;
        throw new HttpRequestException(
            HttpRequestError.ConnectionError, $"{host} leads to {Words(reached)}, where it may not lead: it is known as {Words(known)}");
    }

    /// <summary>Why a document may not name this host; null if it may. The target of a name is checked at each connection.</summary>
    internal string? Refusal(string host)
    {
        if (_named.Contains(host)) return null;
        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
            return Words(NetworkKind.Loopback);
        return IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && Of(address) is var kind and not NetworkKind.Public ? Words(kind) : null;
    }

    internal static NetworkKind Of(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork) return OfV4(address.GetAddressBytes());
        byte[] bytes = address.GetAddressBytes();
        if (IPAddress.IsLoopback(address)) return NetworkKind.Loopback;
        if (address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal) return NetworkKind.Never;
        if (address.IsIPv6UniqueLocal) return NetworkKind.Private;
        // Translators and tunnels contain an IPv4 address: 64:ff9b::/96, 2002::/16, and the obsolete ::/96.
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0])) return OfV4(bytes[12..]);
        if (bytes is [0x20, 0x02, ..]) return OfV4(bytes[2..6]);
        // Global unicast is 2000::/3.
        return (bytes[0] & 0xE0) == 0x20 ? NetworkKind.Public : NetworkKind.Never;
    }

    private NetworkKind Kind(string host, IPAddress[] found)
    {
        // A document may come from a third party, so the hosts that it names must have public addresses.
        if (!_named.Contains(host)) return NetworkKind.Public;
        // An IP address that the operator wrote is allowed, whatever it is.
        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? literal)) return Of(literal) is NetworkKind.Never ? NetworkKind.Never : Of(literal);
        return _known.TryGetValue(host, out NetworkKind known) ? known : found.Min(Of);
    }

    private static NetworkKind OfV4(byte[] address) => address switch
    {
        [10, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..] or [100, >= 64 and <= 127, ..] => NetworkKind.Private,
        [127, ..] => NetworkKind.Loopback,
        [0, ..] or [169, 254, ..] or [>= 224, ..] or [192, 0, 0, ..] => NetworkKind.Never,
        _ => NetworkKind.Public,
    };

    private static string Words(NetworkKind kind) => kind switch
    {
        NetworkKind.Public => "a public address",
        NetworkKind.Private => "an address of a private network",
        NetworkKind.Loopback => "this machine",
        _ => "an address where no service is",
    };
}
