namespace Enclave.Architecture.UnitTests.Layers.Circles.Constants.Lower;

internal static class ConstantLower
{
    public static bool IsSign(string text) => text == Upper.ConstantUpper.Sign;
}
