using System.Runtime.CompilerServices;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>A place to return to: all state that reading changes.</summary>
internal struct Checkpoint
{
    public TokenState Token;
    public ParserState State;
    public ArenaLengths Lengths;
}

/// <summary>The length of each arena of the parser.</summary>
[InlineArray(Count)]
internal struct ArenaLengths
{
    public const int Count = 11;
    private int _first;
}
