using Enclave.Architecture.Tests.Layers.Circles.Bodies.Lower;

namespace Enclave.Architecture.Tests.Layers.Circles.Bodies.Upper;

internal static class BodyUpper
{
    public static int Count() => BodyLower.Count;
}
