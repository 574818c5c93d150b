using System.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>Base64 VLQ, the numbers of source maps (ECMA-426): the sign in the lowest bit, then five bits to a digit, the lowest first.</summary>
internal static class Vlq
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private const int DigitBits = 5;
    private const int More = 1 << DigitBits;

    public static void Write(StringBuilder text, int value)
    {
        uint rest = value < 0 ? ((uint)-value << 1) | 1 : (uint)value << 1;
        do
        {
            uint digit = rest & (More - 1);
            rest >>= DigitBits;
            text.Append(Digits[(int)(rest > 0 ? digit | More : digit)]);
        }
        while (rest > 0);
    }
}
