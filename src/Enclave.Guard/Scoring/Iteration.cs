using System.Collections.Frozen;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>Methods that call a function once for each element.</summary>
internal static class Iteration
{
    private static readonly FrozenSet<string> s_methods = new[]
    {
        "map", "flatMap", "filter", "forEach", "some", "every", "find", "findIndex", "findLast", "findLastIndex", "reduce", "reduceRight",
        "sort", "toSorted", "replace", "replaceAll",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> s_functions = new[] { "from", "fromAsync", "groupBy" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The collection that the call iterates over; null if it does not iterate.</summary>
    public static Expression? Of(string name, MemberExpression callee, CallExpression call)
    {
        if (s_methods.Contains(name)) return callee.Object;
        bool isFunction = s_functions.Contains(name) && callee.Object is Identifier { Name: "Array" or "Object" or "Map" or "Iterator" };
        return isFunction && call.Arguments.Length > 1 ? call.Arguments[0] : null;
    }
}
