namespace Enclave.JavaScript.Ast;

/// <summary>Numbers the nodes and bindings that a thread makes, for tables over them.</summary>
/// <remarks>
/// A walk over a tree meets such numbers almost in order, so its lookups stay within a few cache lines; the hash that .NET gives to objects is random. A
/// script cannot make them collide: they are all different, so of a tree with n nodes at most n / p share one of a table's p buckets, and a table with p
/// buckets has at most p keys.
/// </remarks>
internal static class CreationOrder
{
    [ThreadStatic]
    private static int s_last;

    public static int Next() => ++s_last;
}
