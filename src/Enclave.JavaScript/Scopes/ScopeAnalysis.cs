using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Scopes;

/// <summary>Finds the meaning of each name.</summary>
public static class ScopeAnalysis
{
    /// <summary>Analyzes a tree. Time and memory are proportional to its size; depth costs no stack.</summary>
    /// <param name="program">A tree from the parser, or one that follows the same early errors.</param>
    public static ScopeTree Analyze(Program program) => Analyze(program, null);

    /// <summary>Analyzes a tree within the meter's limit.</summary>
    public static ScopeTree Analyze(Program program, WorkMeter? meter)
    {
        var builder = new ScopeBuilder(program);
        new ScopeWalk(builder, meter).Run(program);
        var resolver = new ScopeResolver(builder, meter);
        if (builder.BlockFunctions.Count > 0) resolver.HoistBlockFunctions();
        return resolver.Resolve();
    }
}
