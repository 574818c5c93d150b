using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Scopes;

/// <summary>Finds out which name stands for what.</summary>
public static class ScopeAnalysis
{
    /// <summary>Analyzes a tree, in time and memory proportional to its size; depth costs no stack.</summary>
    /// <param name="program">A tree that the parser made, or that follows the same early errors.</param>
    public static ScopeTree Analyze(Program program) => Analyze(program, null);

    /// <summary>Analyzes a tree as long as the meter lets it.</summary>
    public static ScopeTree Analyze(Program program, WorkMeter? meter)
    {
        var builder = new ScopeBuilder(program);
        new ScopeWalk(builder, meter).Run(program);
        var resolver = new ScopeResolver(builder, meter);
        if (builder.BlockFunctions.Count > 0) resolver.HoistBlockFunctions();
        return resolver.Resolve();
    }
}
