using Enclave.Architecture.UnitTests.Layers.Circles.Usings.Upper;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Usings.Lower;

internal static class UsingLower
{
    public static int Count => 0;
}
