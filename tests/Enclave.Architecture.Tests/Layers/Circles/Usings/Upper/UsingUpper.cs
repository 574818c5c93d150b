namespace Enclave.Architecture.Tests.Layers.Circles.Usings.Upper;

internal static class UsingUpper
{
    public static int Count() => Lower.UsingLower.Count;
}
