namespace Enclave.Runs;

/// <summary>Relates an event of a resumed run to the part of it that ran before.</summary>
internal enum Repetition
{
    /// <summary>The event is new.</summary>
    None = 0,

    /// <summary>The event happened before, and is complete.</summary>
    Done = 1,

    /// <summary>The call was made before, and has no answer.</summary>
    Open = 2,
}
