namespace Enclave.Client.UnitTests;

/// <summary>How a recorded response ended.</summary>
internal enum CapturedEnd
{
    /// <summary>Properly.</summary>
    Complete,

    /// <summary>Cut by the server or the network.</summary>
    Cut,

    /// <summary>Cut by the client; until then it was open.</summary>
    LeftByClient,
}
