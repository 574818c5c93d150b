using System.Collections.Immutable;

namespace Enclave.Guard.Tracing;

/// <summary>A statement of a traced program, or the expression that is an arrow function's body.</summary>
/// <param name="Id">Its number, from 1.</param>
/// <param name="Start">Its first offset in the author's text; of an if, a loop or a switch only the head counts.</param>
/// <param name="End">The offset after it.</param>
/// <param name="Function">The name of its function; empty at the top, and <c>(anonymous)</c> without a name.</param>
/// <param name="Names">The names whose values are reported before it, in the order in which they are reported.</param>
/// <param name="NamesAfter">The names whose values are reported after it; of a loop, at each round.</param>
/// <param name="Parts">The expressions in it whose values are reported as they arise: their places.</param>
internal sealed record TracedStatement(
    int Id, int Start, int End, string Function, ImmutableArray<string> Names, ImmutableArray<string> NamesAfter, ImmutableArray<(int Start, int End)> Parts)
{
    /// <summary>The expression whose value decides, if it is the test of an if.</summary>
    public bool IsBranch { get; init; }

    /// <summary>True if it is not a statement: parameters with a default, or a field of a class. It has a place and no steps.</summary>
    public bool IsHead { get; init; }

    /// <summary>True for a loop.</summary>
    public bool IsLoop { get; init; }
}
