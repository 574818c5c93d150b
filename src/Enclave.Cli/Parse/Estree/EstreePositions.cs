namespace Enclave.Cli.Parse.Estree;

/// <summary>The positions that <see cref="EstreeWriter"/> writes for each node.</summary>
internal enum EstreePositions
{
    /// <summary>Offsets of its first unit and behind its last one, as acorn writes by default.</summary>
    Offsets,

    /// <summary>Offsets, lines and columns, as acorn writes with its option locations.</summary>
    Lines,

    /// <summary>No positions, and no source text of literals: trees with the same meaning have the same JSON.</summary>
    None,
}
