using System.Buffers.Binary;

namespace Enclave.Host.Tests;

/// <summary>
/// Runs a seccomp filter as the kernel would: classic BPF over <c>struct seccomp_data</c>, with only the instructions that the checker of linux/seccomp.h
/// allows. It throws for a program that the kernel would refuse to load and for a read outside the data.
/// </summary>
internal sealed class BpfProgram
{
    private const int DataBytes = 64;

    private readonly (ushort Code, byte Yes, byte No, uint K)[] _instructions;

    public BpfProgram(byte[] bytes)
    {
        Assert.Equal(0, bytes.Length % 8);
        _instructions = [.. Enumerable.Range(0, bytes.Length / 8).Select((i) => bytes.AsSpan(i * 8, 8).ToArray()).Select((at) =>
            (BinaryPrimitives.ReadUInt16LittleEndian(at), at[2], at[3], BinaryPrimitives.ReadUInt32LittleEndian(at.AsSpan(4))))];
    }

    public int Length => _instructions.Length;

    /// <summary>Every instruction that can come next, by the index of the one before.</summary>
    public IEnumerable<(int From, int To)> Steps() => _instructions.SelectMany((instruction, i) => (instruction.Code & 7) switch
    {
        5 => [(i, i + 1 + instruction.Yes), (i, i + 1 + instruction.No)],
        6 => Array.Empty<(int, int)>(),
        _ => [(i, i + 1)],
    });

    /// <summary>The filter's decision on one call.</summary>
    public uint Run(uint architecture, uint number, params ulong[] arguments)
    {
        byte[] data = new byte[DataBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        for (int i = 0; i < arguments.Length; i++) BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + (i * 8)), arguments[i]);
        uint accumulator = 0, index = 0;
        for (int at = 0; ; at++)
        {
            (ushort code, byte yes, byte no, uint k) = _instructions[at];
            switch (code)
            {
                case 0x20: accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(checked((int)k), 4)); break;
                case 0x54: accumulator &= k; break;
                case 0x04: accumulator += k; break;
                case 0x14: accumulator -= k; break;
                case 0x84: accumulator = 0 - accumulator; break;
                case 0x07: index = accumulator; break;
                case 0x2d: at += accumulator > index ? yes : no; break;
                case 0x15: at += accumulator == k ? yes : no; break;
                case 0x25: at += accumulator > k ? yes : no; break;
                case 0x35: at += accumulator >= k ? yes : no; break;
                case 0x45: at += (accumulator & k) != 0 ? yes : no; break;
                case 0x06: return k;
                default: throw new InvalidOperationException($"instruction {at} is {code:x}, which the kernel would not load or this test does not know");
            }
        }
    }
}
