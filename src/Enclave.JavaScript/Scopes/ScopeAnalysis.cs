using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Scopes;

/// <summary>Finds out which name stands for what.</summary>
public static class ScopeAnalysis
{
    /// <summary>Analyzes a tree, in time and memory proportional to its size; depth costs no stack.</summary>
    /// <param name="program">A tree that the parser made, or that follows the same early errors.</param>
    public static ScopeTree Analyze(Program program)
    {
        var builder = new ScopeBuilder(program);
        new ScopeWalk(builder).Run(program);
        var resolver = new ScopeResolver(builder);
        if (builder.BlockFunctions.Count > 0) resolver.HoistBlockFunctions();
        return resolver.Resolve();
    }
}
