namespace Enclave.JavaScript.Estree;

/// <summary>Writes a tree as acorn's users know it.</summary>
internal sealed partial class EstreeWriter { }
