namespace Enclave.Runtime;

/// <summary>Why a runtime could not do what it was asked for.</summary>
public enum RuntimeFault
{
    /// <summary>It would listen on a network, and anybody could connect.</summary>
    Unprotected,

    /// <summary>It was started before.</summary>
    AlreadyStarted,

    /// <summary>It has been stopped.</summary>
    Stopped,

    /// <summary>The address is taken, or is not of this machine.</summary>
    AddressUnavailable,

    /// <summary>No script can run: no worker starts, or the machine lacks a layer that the level demands.</summary>
    NoWorker,
}
