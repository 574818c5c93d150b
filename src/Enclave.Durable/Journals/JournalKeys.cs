using System.Buffers.Binary;
using System.Security.Cryptography;
using Enclave.Limits;

namespace Enclave.Journals;

/// <summary>The operator's keys. The first seals; all of them open.</summary>
internal sealed class JournalKeys
{
    /// <summary>The mark of entries that no key seals.</summary>
    public const uint None = 0;

    private readonly Dictionary<uint, byte[]> _keys = [];

    /// <param name="keys">Keys of 32 bytes, the present one first; none for journals that are checked but readable.</param>
    public JournalKeys(IEnumerable<byte[]> keys)
    {
        foreach (byte[] key in keys)
        {
            uint mark = MarkOf(key);
            if (Current == None) Current = mark;
            _keys[mark] = key;
        }
    }

    /// <summary>The mark of the present key; <see cref="None"/> without one.</summary>
    public uint Current { get; }

    /// <summary>The key of a mark; null for an unknown one.</summary>
    public byte[]? Find(uint mark) => _keys.GetValueOrDefault(mark);

    /// <summary>Finds keys of another length.</summary>
    public static void Check(OptionFaults wrong, string option, IReadOnlyList<byte[]> keys)
    {
        foreach (byte[] key in keys) wrong.Range(option, key.Length, 32, 32, "bytes of each key");
    }

    /// <summary>A mark that distinguishes keys without revealing them.</summary>
    private static uint MarkOf(byte[] key)
    {
        uint mark = BinaryPrimitives.ReadUInt32BigEndian(HKDF.Expand(HashAlgorithmName.SHA256, key, sizeof(uint), "enclave journal key"u8.ToArray()));
        return mark == None ? 1 : mark;
    }
}
