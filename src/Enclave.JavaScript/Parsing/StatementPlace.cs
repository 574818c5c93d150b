namespace Enclave.JavaScript.Parsing;

/// <summary>The position of a statement, which decides if it may be a declaration.</summary>
internal enum StatementPlace : byte
{
    /// <summary>In the list of a module or script: import and export too.</summary>
    Top,

    /// <summary>In a list: any declaration.</summary>
    List,

    /// <summary>The branch of an if: in sloppy code a plain function too (Annex B.3.3).</summary>
    Branch,

    /// <summary>Labelled, in a list: in sloppy code a plain function too (14.13.1).</summary>
    Labelled,

    /// <summary>The body of a loop or of with, and labelled statements there or in a branch: no declaration.</summary>
    Body,
}
