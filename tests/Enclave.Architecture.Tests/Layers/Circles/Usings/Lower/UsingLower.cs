using Enclave.Architecture.Tests.Layers.Circles.Usings.Upper;

namespace Enclave.Architecture.Tests.Layers.Circles.Usings.Lower;

internal static class UsingLower
{
    public static int Count => 0;
}
