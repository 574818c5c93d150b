using Enclave.Architecture.UnitTests.Layers.Circles.Bodies.Lower;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Bodies.Upper;

internal static class BodyUpper
{
    public static int Count() => BodyLower.Count;
}
