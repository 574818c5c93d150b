namespace Enclave.Journals;

/// <summary>The purposes of sealed parts.</summary>
internal enum SealPurpose : byte
{
    /// <summary>An entry.</summary>
    Entry = 1,

    /// <summary>The number and tag of the last entry.</summary>
    Head = 2,

    /// <summary>The answer to a wait.</summary>
    Answer = 3,

    /// <summary>The handle by which a client's later request finds its run.</summary>
    Handle = 4,

    /// <summary>The values of a conversation.</summary>
    Conversation = 5,

    /// <summary>The recording of a run.</summary>
    Recording = 6,
}
