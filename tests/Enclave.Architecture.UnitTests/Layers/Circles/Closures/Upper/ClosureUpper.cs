using Enclave.Architecture.UnitTests.Layers.Circles.Closures.Lower;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Closures.Upper;

internal sealed record ClosureUpper(int Number)
{
    public static async Task<object> MakeAsync()
    {
        await Task.Yield();
        return ClosureLower.Make(1);
    }
}
