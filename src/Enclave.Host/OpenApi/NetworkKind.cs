namespace Enclave.OpenApi;

/// <summary>The kind of network that an address belongs to. A service's name may lead to another machine, and not into another kind of network.</summary>
internal enum NetworkKind
{
    Public,

    /// <summary>Of an organisation: 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7.</summary>
    Private,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>No name leads there for an honest reason: link-local (the metadata services of clouds), multicast, reserved.</summary>
    Never,
}
