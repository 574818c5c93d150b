namespace Enclave.JavaScript.Text;

/// <summary>Which code points names are made of (ECMA-262 12.7, IdentifierStartChar and IdentifierPartChar).</summary>
internal static class UnicodeIdentifier
{
    private const int BlockBits = UnicodeTables.BlockBits;
    private const int BlockBytes = 1 << (BlockBits - 3);

    /// <summary>Whether a name may begin with the code point.</summary>
    public static bool IsStart(int codePoint)
    {
        if (codePoint < 0x80) return char.IsAsciiLetter((char)codePoint) || codePoint is '$' or '_';
        return IsIn(UnicodeTables.StartBlocks, codePoint);
    }

    /// <summary>Whether a name may go on with the code point.</summary>
    public static bool IsPart(int codePoint)
    {
        if (codePoint < 0x80) return char.IsAsciiLetterOrDigit((char)codePoint) || codePoint is '$' or '_';
        // Zero width joiners: words of some languages are spelled with them.
        return codePoint is 0x200C or 0x200D || IsIn(UnicodeTables.PartBlocks, codePoint);
    }

    private static bool IsIn(ReadOnlySpan<byte> blocks, int codePoint)
    {
        int block = codePoint >> BlockBits;
        if ((uint)block >= (uint)blocks.Length) return false;
        int inBlock = codePoint & ((1 << BlockBits) - 1);
        return (UnicodeTables.Bits[(blocks[block] * BlockBytes) + (inBlock >> 3)] & (1 << (inBlock & 7))) != 0;
    }
}
