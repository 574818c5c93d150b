namespace Enclave.Guard;

/// <summary>Kinds of loops.</summary>
[Flags]
public enum LoopKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>for with three clauses.</summary>
    For = 1,

    /// <summary>while.</summary>
    While = 2,

    /// <summary>do … while.</summary>
    DoWhile = 4,

    /// <summary>for … of and for await … of.</summary>
    ForOf = 8,

    /// <summary>for … in.</summary>
    ForIn = 16,

    /// <summary>All of them.</summary>
    All = For | While | DoWhile | ForOf | ForIn,
}
