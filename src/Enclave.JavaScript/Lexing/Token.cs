namespace Enclave.JavaScript.Lexing;

/// <summary>A token of the text (ECMA-262 12).</summary>
/// <param name="Type">Its type.</param>
/// <param name="Start">Offset of its first unit.</param>
/// <param name="End">Offset after its last unit.</param>
public readonly record struct Token(TokenType Type, int Start, int End);
