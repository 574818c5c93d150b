namespace Enclave.Client.Tests;

/// <summary>How a recorded answer ended.</summary>
internal enum CapturedEnd
{
    /// <summary>As it should.</summary>
    Complete,

    /// <summary>In the middle, by the server or the wire.</summary>
    Cut,

    /// <summary>In the middle, by the client; until then it was open.</summary>
    LeftByClient,
}
