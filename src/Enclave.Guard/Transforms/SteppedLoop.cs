using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Transforms;

/// <summary>A loop <c>for (let i = start; i &lt; end; i += step)</c> over whole numbers: its variable tells how many rounds it has made.</summary>
/// <param name="Declaration">The declaration of the variable.</param>
/// <param name="Variable">The variable's name.</param>
/// <param name="Start">The variable's first value: it does not change while the loop runs.</param>
/// <param name="Step">What each round adds, at least 1: it does not change while the loop runs.</param>
/// <param name="End">The first number that the variable must not reach.</param>
/// <param name="Rounds">The most rounds that it makes, whatever its start and its step are.</param>
internal sealed record SteppedLoop(VariableDeclarator Declaration, string Variable, Expression Start, Expression Step, int End, int Rounds)
{
    /// <summary>True if its start or its step may differ from one time to the next.</summary>
    public bool Varies => Start is not NumberLiteral || Step is not NumberLiteral;
}
