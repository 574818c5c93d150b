namespace Enclave.Streaming.Filters;

/// <summary>What a step of a glob takes from the text.</summary>
internal enum GlobStepKind
{
    /// <summary>One certain character.</summary>
    Character,

    /// <summary>One character of the segment.</summary>
    Any,

    /// <summary>One character of a class.</summary>
    Class,

    /// <summary>Any number of characters of the segment.</summary>
    Star,

    /// <summary>Any number of characters, segments included.</summary>
    DoubleStar,

    /// <summary>Nothing: goes on at two places.</summary>
    Split,

    /// <summary>Nothing: goes on elsewhere.</summary>
    Jump,

    /// <summary>The text must end here.</summary>
    End,
}
