namespace Enclave.Networks;

/// <summary>The kind of network of an address. A name may move to another machine, but not to another kind of network.</summary>
internal enum NetworkKind
{
    Public,

    /// <summary>Private: 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7.</summary>
    Private,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>No honest name leads there: link-local (the metadata services of clouds), multicast, reserved.</summary>
    Never,
}
