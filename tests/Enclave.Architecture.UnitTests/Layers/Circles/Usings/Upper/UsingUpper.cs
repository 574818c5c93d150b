namespace Enclave.Architecture.UnitTests.Layers.Circles.Usings.Upper;

internal static class UsingUpper
{
    public static int Count() => Lower.UsingLower.Count;
}
