using System.Security.Cryptography;

namespace Enclave.JavaScript.Ast;

/// <summary>Hash codes of the nodes and bindings that a thread makes, for tables over them.</summary>
/// <remarks>
/// They are numbers in the order of creation, of which some bits are flipped. A walk over a tree meets numbers that are close to each other, so its lookups
/// stay within a few cache lines; the hash that .NET gives to objects is random. The flipped bits are chosen per process: a script that places its names at
/// the distance of a table's prime does not know which of them share a bucket.
/// </remarks>
internal static class CreationOrder
{
    private static readonly int s_flipped = RandomNumberGenerator.GetInt32(int.MaxValue);

    [ThreadStatic]
    private static int s_last;

    public static int Next() => ++s_last ^ s_flipped;
}
