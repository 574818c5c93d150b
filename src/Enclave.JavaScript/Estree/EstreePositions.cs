namespace Enclave.JavaScript.Estree;

/// <summary>What <see cref="EstreeWriter"/> says about where a node stands.</summary>
public enum EstreePositions
{
    /// <summary>Offsets of its first unit and after its last one, as acorn does by default.</summary>
    Offsets,

    /// <summary>Offsets, then lines and columns, as acorn does with its option locations.</summary>
    Lines,

    /// <summary>Nothing, nor how literals are written: trees that mean the same have the same text.</summary>
    None,
}
