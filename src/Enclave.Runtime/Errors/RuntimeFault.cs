namespace Enclave.Runtime;

/// <summary>Why a runtime could not start or run.</summary>
public enum RuntimeFault
{
    /// <summary>The runtime would listen on a network without access control.</summary>
    Unprotected,

    /// <summary>It was already started.</summary>
    AlreadyStarted,

    /// <summary>It has been stopped.</summary>
    Stopped,

    /// <summary>The address is in use or does not belong to this machine.</summary>
    AddressUnavailable,

    /// <summary>Scripts cannot run: no worker starts, or the machine lacks a layer that the level requires.</summary>
    NoWorker,
}
