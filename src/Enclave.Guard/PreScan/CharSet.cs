using System.Numerics;

namespace Enclave.Guard.PreScan;

/// <summary>A set of characters. It is exact for ASCII and keeps remainders modulo 64 beyond, so sets that share a character always intersect.</summary>
internal struct CharSet
{
    private ulong _low;
    private ulong _high;
    private ulong _wide;

    /// <summary>True if the set has nearly every character.</summary>
    public readonly bool IsWildcard => _wide == ulong.MaxValue && BitOperations.PopCount(_low) + BitOperations.PopCount(_high) >= 120;

    /// <summary>Every character.</summary>
    public static CharSet All { get; } = new() { _low = ulong.MaxValue, _high = ulong.MaxValue, _wide = ulong.MaxValue };

    /// <summary>All characters except line ends.</summary>
    public static CharSet Dot => Of("\n\r").Complement();

    /// <summary>The characters of <c>\d</c>.</summary>
    public static CharSet Digits { get; } = Range('0', '9');

    /// <summary>The characters of <c>\w</c>.</summary>
    public static CharSet Word { get; } = Range('a', 'z').Union(Range('A', 'Z')).Union(Digits).Union(Of("_"));

    /// <summary>The characters of <c>\s</c>.</summary>
    public static CharSet Space { get; } = Of(" \t\n\v\f\r\u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF").Union(Range(0x2000, 0x200A));

    /// <summary>Some characters.</summary>
    public static CharSet Of(string characters)
    {
        CharSet set = default;
        foreach (char c in characters) set.Add(c);
        return set;
    }

    /// <summary>The characters from the first to the last, both included.</summary>
    public static CharSet Range(int first, int last)
    {
        CharSet set = default;
        for (int c = first; c <= last && c < 128; c++) set.Add(c);
        int wide = Math.Max(first, 128);
        if (last - wide >= 63) set._wide = ulong.MaxValue;
        else for (int c = wide; c <= last; c++) set.Add(c);
        return set;
    }

    /// <summary>Adds a code point.</summary>
    public void Add(int codePoint)
    {
        if (codePoint < 64) _low |= 1UL << codePoint;
        else if (codePoint < 128) _high |= 1UL << (codePoint - 64);
        else _wide |= 1UL << (codePoint & 63);
    }

    /// <summary>The characters of either set.</summary>
    public readonly CharSet Union(in CharSet other) => new() { _low = _low | other._low, _high = _high | other._high, _wide = _wide | other._wide };

    /// <summary>The characters that are not in the set. Beyond ASCII all of them, since a remainder stands for many characters.</summary>
    public readonly CharSet Complement() => new() { _low = ~_low, _high = ~_high, _wide = ulong.MaxValue };

    /// <summary>True if the two share a character.</summary>
    public readonly bool Intersects(in CharSet other) => ((_low & other._low) | (_high & other._high) | (_wide & other._wide)) != 0;

    /// <summary>The set with the other case of its ASCII letters.</summary>
    public readonly CharSet IgnoringCase()
    {
        const ulong Upper = 0x07FF_FFFE;
        ulong letters = ((_high & Upper) | (_high >> 32)) & Upper;
        return new CharSet { _low = _low, _high = _high | letters | (letters << 32), _wide = _wide };
    }
}
