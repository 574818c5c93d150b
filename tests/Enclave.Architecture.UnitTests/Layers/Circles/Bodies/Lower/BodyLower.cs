using Enclave.Architecture.UnitTests.Layers.Circles.Bodies.Upper;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Bodies.Lower;

internal static class BodyLower
{
    public static int Count => BodyUpper.Count();
}
