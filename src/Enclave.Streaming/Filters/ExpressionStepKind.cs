namespace Enclave.Streaming.Filters;

/// <summary>The action of one step of a regular expression.</summary>
internal enum ExpressionStepKind
{
    /// <summary>Takes a character of a set.</summary>
    Character,

    /// <summary>Goes on here and elsewhere.</summary>
    Split,

    /// <summary>Goes on elsewhere.</summary>
    Jump,

    /// <summary>Goes on at the text's start.</summary>
    Start,

    /// <summary>Goes on at the text's end.</summary>
    End,

    /// <summary>Goes on where a word begins or ends.</summary>
    Boundary,

    /// <summary>Goes on where none does.</summary>
    NoBoundary,

    /// <summary>The expression matches.</summary>
    Match,
}
