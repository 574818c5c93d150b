using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>The name of a property. For a name that may stand alone, also its meaning as a reference.</summary>
internal readonly struct PropertyName(Expression key, bool isComputed, TokenType type, int name)
{
    public Expression Key { get; } = key;

    public bool IsComputed { get; } = isComputed;

    public TokenType Type { get; } = type;

    /// <summary>Its number in <see cref="Tokenizer.Names"/> if it is written as a word without escapes; otherwise 0.</summary>
    public int Word { get; } = name;
}
