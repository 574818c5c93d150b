using Enclave.Architecture.Tests.Layers.Circles.Bodies.Upper;

namespace Enclave.Architecture.Tests.Layers.Circles.Bodies.Lower;

internal static class BodyLower
{
    public static int Count => BodyUpper.Count();
}
