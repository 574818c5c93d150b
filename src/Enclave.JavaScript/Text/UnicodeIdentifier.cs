namespace Enclave.JavaScript.Text;

/// <summary>The code points that names consist of (ECMA-262 12.7, IdentifierStartChar and IdentifierPartChar).</summary>
internal static class UnicodeIdentifier
{
    private const int BlockBits = UnicodeTables.BlockBits;
    private const int BlockBytes = 1 << (BlockBits - 3);

    /// <summary>True if a name may begin with the code point.</summary>
    public static bool IsStart(int codePoint)
    {
        if (codePoint < 0x80) return char.IsAsciiLetter((char)codePoint) || codePoint is '$' or '_';
        return IsIn(UnicodeTables.StartBlocks, codePoint);
    }

    /// <summary>True if a name may continue with the code point.</summary>
    public static bool IsPart(int codePoint)
    {
        if (codePoint < 0x80) return char.IsAsciiLetterOrDigit((char)codePoint) || codePoint is '$' or '_';
        // Zero width joiners: some languages need them to spell words.
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
