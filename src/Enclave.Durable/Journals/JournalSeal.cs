using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Enclave.Journals;

/// <summary>Seals what a store keeps of one run, so that a changed, moved, swapped, cut or foreign part is refused.</summary>
/// <remarks>
/// A sealed part is its length, the version, the mark of its key, a random nonce, the content under AES-GCM, and the tag. The seal also covers the journal's
/// id, tenant and name, the purpose and number of the part, and the tag of the part before. Each journal has a key of its own, derived from the operator's,
/// so that random nonces of 96 bits do not repeat (NIST SP 800-38D, 8.3). Without a key the content is readable, and the tag is a hash: it finds damage, not
/// an attacker.
/// </remarks>
internal sealed class JournalSeal : IDisposable
{
    public const int TagBytes = 16;

    private const int NonceBytes = 12, HeaderBytes = sizeof(uint) + 1 + sizeof(uint);

    private readonly JournalKeys _keys;
    private readonly byte[] _salt;
    private readonly byte[] _bound;
    private readonly Dictionary<uint, AesGcm> _open = [];

    /// <param name="keys">The operator's keys.</param>
    /// <param name="run">The run.</param>
    /// <param name="journal">The id of its journal.</param>
    public JournalSeal(JournalKeys keys, RunKey run, Guid journal)
    {
        _keys = keys;
        _salt = journal.ToByteArray();
        string tenant = RunKey.MarkOf(run.Tenant);
        byte[] names = Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetByteCount(tenant)}:{tenant}{run.Name}");
        _bound = [JournalFormat.Version, .. _salt, .. names];
    }

    /// <summary>The tag before the first entry.</summary>
    public static ReadOnlyMemory<byte> NoTag { get; } = new byte[TagBytes];

    /// <summary>The tag of a sealed part.</summary>
    public static ReadOnlyMemory<byte> TagOf(ReadOnlyMemory<byte> part) => part[^TagBytes..];

    /// <summary>Seals a part.</summary>
    /// <param name="purpose">Its purpose: parts of one purpose cannot stand in for those of another.</param>
    /// <param name="number">Its number.</param>
    /// <param name="before">The tag that it follows.</param>
    /// <param name="content">Its content.</param>
    /// <param name="key">The mark of its key; null for the present one.</param>
    public byte[] Seal(SealPurpose purpose, long number, ReadOnlySpan<byte> before, ReadOnlySpan<byte> content, uint? key = null)
    {
        uint mark = key ?? _keys.Current;
        int nonce = mark == JournalKeys.None ? 0 : NonceBytes;
        byte[] part = new byte[HeaderBytes + nonce + content.Length + TagBytes];
        BinaryPrimitives.WriteUInt32BigEndian(part, (uint)(part.Length - sizeof(uint)));
        part[sizeof(uint)] = JournalFormat.Version;
        BinaryPrimitives.WriteUInt32BigEndian(part.AsSpan(sizeof(uint) + 1), mark);
        byte[] bound = Bound(purpose, number, before);
        Span<byte> body = part.AsSpan(HeaderBytes + nonce, content.Length), tag = part.AsSpan(part.Length - TagBytes);
        if (mark == JournalKeys.None)
        {
            content.CopyTo(body);
            Hash(bound, body, tag);
            return part;
        }

        RandomNumberGenerator.Fill(part.AsSpan(HeaderBytes, NonceBytes));
        lock (_open) Cipher_NeedsLock(mark)!.Encrypt(part.AsSpan(HeaderBytes, NonceBytes), content, body, tag, bound);
        return part;
    }

    /// <summary>Opens the sealed part that begins here. Returns its length and content.</summary>
    /// <exception cref="JournalException">It is cut, or is not the part that was sealed for this place.</exception>
    public (int Length, byte[] Content) Open(SealPurpose purpose, long number, ReadOnlySpan<byte> before, ReadOnlySpan<byte> bytes)
    {
        (int length, Range body) = Find(purpose, number, bytes);
        byte[] content = new byte[bytes[body].Length];
        Open(purpose, number, before, bytes[..length], bytes[body], content);
        return (length, content);
    }

    /// <summary>The same without a copy: the content takes the place of the sealed bytes.</summary>
    /// <exception cref="JournalException">It is cut, or is not the part that was sealed for this place.</exception>
    public (int Length, ReadOnlyMemory<byte> Content) OpenInPlace(SealPurpose purpose, long number, ReadOnlySpan<byte> before, Memory<byte> bytes)
    {
        (int length, Range body) = Find(purpose, number, bytes.Span);
        Span<byte> content = bytes.Span[body];
        Open(purpose, number, before, bytes.Span[..length], content, content);
        return (length, bytes[body]);
    }

    /// <summary>The length of the sealed part that begins here, and the place of its content.</summary>
    private (int Length, Range Content) Find(SealPurpose purpose, long number, ReadOnlySpan<byte> bytes)
    {
        int length = LengthOf(bytes);
        if (length == 0) throw Damaged(purpose, number, "it is cut");
        byte version = bytes[sizeof(uint)];
        if (version != JournalFormat.Version) throw JournalFormat.Later($"{NameOf(purpose, number)} is of version {version}");
        uint mark = MarkOf(bytes);
        // An attacker without the key could otherwise put parts without a key in the place of sealed ones.
        if (mark == JournalKeys.None != (_keys.Current == JournalKeys.None))
        {
            string why = mark == JournalKeys.None ? "it is not sealed, and this host has a key" : "it is sealed, and this host has no key";
            throw KeyMissing(purpose, number, why);
        }

        int nonce = mark == JournalKeys.None ? 0 : NonceBytes;
        if (length < HeaderBytes + nonce + TagBytes) throw Damaged(purpose, number, "it is cut");
        return (length, (HeaderBytes + nonce)..(length - TagBytes));
    }

    /// <summary>Opens a part into <paramref name="content"/>, which may be <paramref name="body"/>.</summary>
    private void Open(
        SealPurpose purpose, long number, ReadOnlySpan<byte> before, ReadOnlySpan<byte> part, ReadOnlySpan<byte> body, Span<byte> content)
    {
        byte[] bound = Bound(purpose, number, before);
        ReadOnlySpan<byte> tag = part[^TagBytes..];
        uint mark = MarkOf(part);
        if (mark == JournalKeys.None)
        {
            Span<byte> expected = stackalloc byte[TagBytes];
            Hash(bound, body, expected);
            if (!expected.SequenceEqual(tag)) throw Damaged(purpose, number, "its checksum is wrong");
            body.CopyTo(content);
            return;
        }

        try
        {
            // One cipher serves one thread at a time.
            lock (_open)
            {
                AesGcm cipher = Cipher_NeedsLock(mark) ?? throw KeyMissing(purpose, number, "its key is unknown to this host");
                cipher.Decrypt(part.Slice(HeaderBytes, NonceBytes), body, tag, content, bound);
            }
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Damaged(purpose, number, "it is not what was sealed for this place");
        }
    }

    /// <summary>The mark of the key that seals the head of the run.</summary>
    /// <exception cref="JournalException">It is not what was sealed for this run, or its key is missing.</exception>
    public uint KeyOf(ReadOnlySpan<byte> head)
    {
        _ = Open(SealPurpose.Head, 0, NoTag.Span, head);
        return MarkOf(head);
    }

    /// <summary>The length of the part at the beginning of these bytes; 0 if not all of it is there.</summary>
    public static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + TagBytes) return 0;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return length < HeaderBytes - sizeof(uint) + TagBytes || length > bytes.Length - sizeof(uint) ? 0 : (int)length + sizeof(uint);
    }

    public void Dispose()
    {
        foreach (AesGcm cipher in _open.Values) cipher.Dispose();
    }

    private static uint MarkOf(ReadOnlySpan<byte> part) => BinaryPrimitives.ReadUInt32BigEndian(part[(sizeof(uint) + 1)..]);

    private static string NameOf(SealPurpose purpose, long number) =>
        purpose == SealPurpose.Entry ? $"entry {number} of the journal" : $"the journal's {purpose.ToString().ToLowerInvariant()}";

    private static JournalException Damaged(SealPurpose purpose, long number, string why) =>
        new(JournalFault.Damaged, $"{NameOf(purpose, number)} is refused: {why}");

    private static JournalException KeyMissing(SealPurpose purpose, long number, string why) =>
        new(JournalFault.KeyMissing, $"{NameOf(purpose, number)} is refused: {why} (DurableOptions.Keys)");

    private byte[] Bound(SealPurpose purpose, long number, ReadOnlySpan<byte> before)
    {
        byte[] bound = new byte[_bound.Length + 1 + sizeof(long) + TagBytes];
        _bound.CopyTo(bound, 0);
        bound[_bound.Length] = (byte)purpose;
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan(_bound.Length + 1), number);
        before.CopyTo(bound.AsSpan(_bound.Length + 1 + sizeof(long)));
        return bound;
    }

    private static void Hash(byte[] bound, ReadOnlySpan<byte> body, Span<byte> tag)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bound);
        hash.AppendData(body);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(whole);
        whole[..TagBytes].CopyTo(tag);
    }

    private AesGcm? Cipher_NeedsLock(uint mark)
    {
        if (_open.TryGetValue(mark, out AesGcm? known)) return known;
        if (_keys.Find(mark) is not { } key) return null;
        byte[] own = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, 32, _salt, "enclave journal"u8.ToArray());
        return _open[mark] = new AesGcm(own, TagBytes);
    }
}
