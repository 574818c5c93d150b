namespace Enclave.Broker.Filters;

/// <summary>The kinds of steps of a glob, by the text that they match.</summary>
internal enum GlobStepKind
{
    /// <summary>One given character.</summary>
    Character,

    /// <summary>One character of a segment.</summary>
    Any,

    /// <summary>One character of a class.</summary>
    Class,

    /// <summary>Any number of characters of a segment.</summary>
    Star,

    /// <summary>Any number of characters, across segments.</summary>
    DoubleStar,

    /// <summary>Consumes nothing: continues at the next step and at a target.</summary>
    Split,

    /// <summary>Consumes nothing: continues at a target.</summary>
    Jump,

    /// <summary>The end of the text.</summary>
    End,
}
