using System.Runtime.CompilerServices;

namespace Enclave.JavaScript.Lexing;

/// <summary>Every name of a text once, with a number. Reserved words are names too, so one search classifies a word.</summary>
/// <remarks>
/// A text can be written so that its names collide. The fast hash has a secret multiplier. If a chain still grows long,
/// the table switches to the runtime's randomised hash.
/// </remarks>
internal sealed class NameTable
{
    private const int LongestChain = 64;
    private static readonly uint s_multiplier = (uint)Random.Shared.Next() * 2 + 1;
    private static readonly NameTable s_template = BuildTemplate();

    private int[] _buckets;
    private Entry[] _entries;
    private int _count;
    private bool _randomised;

    public NameTable()
    {
        _buckets = [.. s_template._buckets];
        _entries = [.. s_template._entries];
        _count = s_template._count;
    }

    private NameTable(int buckets)
    {
        _buckets = new int[buckets];
        _entries = new Entry[buckets];
        // Number 0 stands for no name.
        _count = 1;
    }

    private struct Entry
    {
        public string Text;
        public uint Hash;
        public int Next;
        public TokenType Type;
    }

    /// <summary>One above the highest number given.</summary>
    public int Count => _count;

    public static uint HashStart => s_multiplier;

    public string Text(int name) => _entries[name].Text;

    /// <summary>Returns one shared string for equal texts.</summary>
    public string Text(ReadOnlySpan<char> text)
    {
        int name = Find(text);
        return Text(name);
    }

    /// <summary><see cref="TokenType.Identifier"/>, or the type of the reserved word.</summary>
    public TokenType Type(int name) => _entries[name].Type;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HashStep(uint hash, char c) => (hash + c) * s_multiplier;

    public static uint Hash(ReadOnlySpan<char> text)
    {
        uint hash = HashStart;
        foreach (char c in text) hash = HashStep(hash, c);
        return hash;
    }

    public int Find(ReadOnlySpan<char> text) => Find(text, Hash(text));

    /// <summary>The number of a name. A new name gets the next number.</summary>
    /// <param name="text">The name.</param>
    /// <param name="hash">Its fast hash, which the tokenizer computes while it reads.</param>
    public int Find(ReadOnlySpan<char> text, uint hash)
    {
        if (_randomised) hash = (uint)string.GetHashCode(text);
        int chain = 0;
        int at = _buckets[Bucket(hash)];
        while (at != 0)
        {
            ref Entry entry = ref _entries[at];
            if (entry.Hash == hash && text.SequenceEqual(entry.Text)) return at;
            at = entry.Next;
            chain++;
        }

        if (chain > LongestChain && !_randomised)
        {
            Randomise();
            hash = (uint)string.GetHashCode(text);
        }

        return Add(text.ToString(), hash, TokenType.Identifier);
    }

    /// <summary>Drops the names of a text. Keeps the memory if it is small.</summary>
    public void Clear()
    {
        NameTable template = s_template;
        if (_buckets.Length > template._buckets.Length * 8)
        {
            _buckets = [.. template._buckets];
            _entries = [.. template._entries];
        }
        else
        {
            Array.Clear(_entries, template._count, _count - template._count);
            template._entries.AsSpan(0, template._count).CopyTo(_entries);
            if (_buckets.Length == template._buckets.Length) template._buckets.CopyTo(_buckets, 0);
            else Link(template._count);
        }

        _count = template._count;
        _randomised = false;
    }

    private int Bucket(uint hash) => (int)((hash ^ (hash >> 15)) & (uint)(_buckets.Length - 1));

    private int Add(string text, uint hash, TokenType type)
    {
        if (_count == _entries.Length) Grow();
        int name = _count++;
        ref int bucket = ref _buckets[Bucket(hash)];
        _entries[name] = new Entry { Text = text, Hash = hash, Next = bucket, Type = type };
        bucket = name;
        return name;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = new int[_buckets.Length * 2];
        Link(_count);
    }

    private void Randomise()
    {
        _randomised = true;
        for (int name = 1; name < _count; name++) _entries[name].Hash = (uint)string.GetHashCode(_entries[name].Text.AsSpan());
        Link(_count);
    }

    private void Link(int count)
    {
        Array.Clear(_buckets);
        for (int name = 1; name < count; name++)
        {
            ref int bucket = ref _buckets[Bucket(_entries[name].Hash)];
            _entries[name].Next = bucket;
            bucket = name;
        }
    }

    private static NameTable BuildTemplate()
    {
        var table = new NameTable(512);
        foreach (string text in KnownName.Contextual.Skip(1)) table.Add(text, Hash(text), TokenType.Identifier);
        foreach ((string text, TokenType type) in KnownName.Reserved) table.Add(text, Hash(text), type);
        foreach (string text in KnownName.Common) table.Find(text);
        return table;
    }
}
