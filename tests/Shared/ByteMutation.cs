namespace Enclave.Tests;

/// <summary>Changes bytes in one to four of the ways that matter to a reader of lengths and types.</summary>
internal static class ByteMutation
{
    /// <summary>Formats and lengths at their limits.</summary>
    private static readonly byte[] s_telling = [0x00,
        0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc4, 0xc7, 0xc9, 0xca, 0xcb, 0xcf, 0xd3, 0xd4, 0xd8, 0xd9, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xff];

    public static byte[] Of(byte[] bytes, Random random)
    {
        List<byte> broken = [.. bytes];
        for (int i = random.Next(1, 5); i > 0; i--) Break(broken, random);
        return [.. broken];
    }

    private static void Break(List<byte> bytes, Random random)
    {
        int at = random.Next(bytes.Count + 1);
        int length = Math.Min(random.Next(1, 20), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when at < bytes.Count: bytes[at] = s_telling[random.Next(s_telling.Length)]; break;
            case 2: bytes.Insert(at, s_telling[random.Next(s_telling.Length)]); break;
            case 3: bytes.RemoveRange(at, length); break;
            case 4: bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length)); break;
            default: bytes.RemoveRange(at, bytes.Count - at); break;
        }
    }
}
