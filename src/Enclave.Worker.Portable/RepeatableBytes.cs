using System.Buffers.Binary;
using System.Numerics;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>The random bytes of a repeatable run, as the native worker has them (native/entropy.cc): ChaCha20, in whole blocks.</summary>
internal sealed class RepeatableBytes
{
    private const int BlockBytes = 64;

    private readonly uint[] _start = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public RepeatableBytes(RunSecret secret)
    {
        byte[] key = secret.ToBytes();
        for (int i = 0; i < 8; i++) _start[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key.AsSpan(4 * i));
    }

    public void Fill(Span<byte> to)
    {
        Span<byte> block = stackalloc byte[BlockBytes];
        for (; !to.IsEmpty; to = to[Math.Min(to.Length, BlockBytes)..])
        {
            Next(block);
            block[..Math.Min(to.Length, BlockBytes)].CopyTo(to);
        }
    }

    private void Next(Span<byte> block)
    {
        Span<uint> x = stackalloc uint[16];
        _start.CopyTo(x);
        for (int i = 0; i < 10; i++)
        {
            for (int k = 0; k < 4; k++) Quarter(x, k, 4 + k, 8 + k, 12 + k);
            for (int k = 0; k < 4; k++) Quarter(x, k, 4 + ((k + 1) % 4), 8 + ((k + 2) % 4), 12 + ((k + 3) % 4));
        }

        for (int i = 0; i < 16; i++) BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * i)..], x[i] + _start[i]);
        if (++_start[12] == 0) _start[13]++;
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[d] = BitOperations.RotateLeft(x[d] ^ (x[a] += x[b]), 16);
        x[b] = BitOperations.RotateLeft(x[b] ^ (x[c] += x[d]), 12);
        x[d] = BitOperations.RotateLeft(x[d] ^ (x[a] += x[b]), 8);
        x[b] = BitOperations.RotateLeft(x[b] ^ (x[c] += x[d]), 7);
    }
}
