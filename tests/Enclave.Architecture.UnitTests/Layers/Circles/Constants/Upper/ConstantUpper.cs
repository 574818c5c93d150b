using Enclave.Architecture.UnitTests.Layers.Circles.Constants.Lower;

namespace Enclave.Architecture.UnitTests.Layers.Circles.Constants.Upper;

internal static class ConstantUpper
{
    public const string Sign = "-";

    public static bool IsSign(string text) => ConstantLower.IsSign(text);
}
