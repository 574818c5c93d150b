using Enclave.Architecture.UnitTests.Layers.Circles.Generics.Upper;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Generics.Lower;

internal static class GenericLower
{
    public static object Empty => new List<Dictionary<string, GenericUpper[]>>();
}
