namespace Enclave;

/// <summary>Why a durable run cannot be started, read, answered or resumed.</summary>
public enum JournalFault
{
    /// <summary>No run has this name, or no wait has this token.</summary>
    NotFound = 0,

    /// <summary>The name belongs to a run of another script or with other globals.</summary>
    NameTaken = 1,

    /// <summary>Another host runs it at this moment.</summary>
    Busy = 2,

    /// <summary>The wait has its answer already, or the run has ended.</summary>
    Answered = 3,

    /// <summary>This host refuses to continue the run: the message says why, and how to solve it.</summary>
    Refused = 4,

    /// <summary>The store failed, or another host has taken the run.</summary>
    Unavailable = 5,

    /// <summary>The tenant has reached its limit of runs, or of bytes in them.</summary>
    Full = 6,

    /// <summary>A fork cannot keep the requested history: its script does something else there, or is refused.</summary>
    NotRepeated = 7,

    /// <summary>The journal was changed, cut or moved. The run cannot continue, and may be removed (<c>DurableRuns.DeleteAsync</c>).</summary>
    Damaged = 8,

    /// <summary>
    /// The journal is sealed with a key that this host does not have, or without a key although this host has one. The run cannot continue here.
    /// </summary>
    KeyMissing = 9,

    /// <summary>A later version of Enclave wrote the journal. The run cannot continue here.</summary>
    LaterVersion = 10,

    /// <summary>The journal has more bytes than this host reads (<c>DurableOptions.MaxRunBytes</c>).</summary>
    TooLarge = 11,
}
