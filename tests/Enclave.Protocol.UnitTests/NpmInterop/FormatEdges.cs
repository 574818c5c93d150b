using System.Buffers.Binary;

namespace Enclave.Protocol.Tests.NpmInterop;

/// <summary>Frames of every format of a value, at both ends of its range, including longer formats than needed.</summary>
internal static class FormatEdges
{
    public static IEnumerable<byte[]> All() => [.. Scalars(), .. Lengths(), .. Containers(), .. Timestamps()];

    private static IEnumerable<byte[]> Scalars()
    {
        string[] frames =
        [
            "c0", "c2", "c3", "00", "7f", "e0", "ff", "cc00", "cc7f", "cc80", "ccff", "cd0000", "cd00ff", "cd0100", "cdffff", "ce00000000", "ce0000ffff",
            "ce00010000", "ceffffffff", "cf0000000000000000", "cf00000000ffffffff", "cf0000000100000000", "cf001fffffffffffff", "cf0020000000000000",
            "cf7fffffffffffffff", "cf8000000000000000", "cfffffffffffffffff", "d000", "d07f", "d080", "d0df", "d0ff", "d10000", "d17fff", "d18000", "d1ff7f",
            "d1ffff", "d200000000", "d27fffffff", "d280000000", "d2ffff7fff", "d2ffffffff", "d30000000000000000", "d37fffffffffffffff", "d38000000000000000",
            "d3ffe0000000000001", "d3ffe0000000000000", "d3ffffffff7fffffff", "d3ffffffffffffffff", "ca00000000", "ca80000000", "ca3fc00000", "ca7f800000",
            "caff800000", "ca7fc00000", "ca7f7fffff", "ca00000001", "cb0000000000000000", "cb8000000000000000", "cb3ff8000000000000", "cb7ff0000000000000",
            "cbfff0000000000000", "cb7ff8000000000000", "cb7fefffffffffffff", "cb0000000000000001", "cb433fffffffffffff", "cb4340000000000000",
        ];
        return frames.Select(Convert.FromHexString);
    }

    private static IEnumerable<byte[]> Lengths()
    {
        int[] lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 255, 256, 65534, 65535, 65536];
        foreach (int length in lengths)
        {
            byte[] data = [.. Enumerable.Repeat((byte)'x', length)];
            if (length < 32) yield return [(byte)(0xa0 | length), .. data];
            foreach (byte[] header in Headers(length, 0xd9)) yield return [.. header, .. data];
            foreach (byte[] header in Headers(length, 0xc4)) yield return [.. header, .. data];
            if (length > 0 && length % 2 == 0) yield return [.. Headers(length, 0xc7).First(), 3, .. data];
            if (length is 0 or > 256) continue;
            // A BigInt begins with a sign; 'x' is a valid last byte.
            data[0] = 1;
            if (length == 1) data[0] = 0;
            foreach (byte[] header in Headers(length, 0xc7)) yield return [.. header, 2, .. data];
            int power = int.TrailingZeroCount(length);
            if (length <= 16 && int.IsPow2(length)) yield return [(byte)(0xd4 + power), 2, .. data];
        }
    }

    private static IEnumerable<byte[]> Containers()
    {
        foreach (int count in (int[])[0, 1, 15, 16, 255, 65535, 65536])
        {
            byte[] items = [.. Enumerable.Range(0, count).Select(i => (byte)(i & 0x7f))];
            if (count < 16) yield return [(byte)(0x90 | count), .. items];
            foreach (byte[] header in Headers(count, 0xdb).Where(header => header[0] > 0xdb)) yield return [.. header, .. items];
            if (count > 300) continue;
            byte[] entries = [.. Enumerable.Range(0, count).SelectMany(i => (byte[])[0xa2, (byte)('a' + i / 16), (byte)('a' + i % 16), (byte)(i & 0x7f)])];
            if (count < 16) yield return [(byte)(0x80 | count), .. entries];
            foreach (byte[] header in Headers(count, 0xdd).Where(header => header[0] > 0xdd)) yield return [.. header, .. entries];
        }
    }

    private static IEnumerable<byte[]> Timestamps()
    {
        string[] frames =
        [
            "d6ff00000000", "d6ffffffffff", "d7ff0000000000000000", "d7ff00000003ffffffff", "d7ffee09558000000000", "d7ffee095583ffffffff",
            "c70cff000000000000000000000000", "c70cff3b8b87c0ffffffffffffffff", "c70cff00000000000007dba8218000", "c70cff00000000fffff82457de8000",
        ];
        return frames.Select(Convert.FromHexString);
    }

    /// <summary>The headers with 8, 16 and 32 bits of length that fit, from three consecutive formats.</summary>
    private static IEnumerable<byte[]> Headers(int length, int first)
    {
        byte[] bits = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bits, length);
        if (length <= byte.MaxValue) yield return [(byte)first, bits[3]];
        if (length <= ushort.MaxValue) yield return [(byte)(first + 1), bits[2], bits[3]];
        yield return [(byte)(first + 2), .. bits];
    }
}
