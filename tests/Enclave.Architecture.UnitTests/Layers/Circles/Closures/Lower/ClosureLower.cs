using Enclave.Architecture.UnitTests.Layers.Circles.Closures.Upper;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Closures.Lower;

internal static class ClosureLower
{
    public static Func<object> Make(int number) => () => new ClosureUpper(number);
}
