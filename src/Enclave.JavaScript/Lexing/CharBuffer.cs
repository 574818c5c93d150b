namespace Enclave.JavaScript.Lexing;

/// <summary>A growing buffer for the meaning of a token whose text differs from its meaning.</summary>
internal sealed class CharBuffer
{
    private const int Kept = 1 << 16;
    private char[] _chars = new char[128];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Text => _chars.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_chars.Length > Kept) _chars = new char[128];
    }

    public void Append(char c)
    {
        if (Length == _chars.Length) Array.Resize(ref _chars, Length * 2);
        _chars[Length++] = c;
    }

    public void Append(ReadOnlySpan<char> text)
    {
        int wanted = Length + text.Length;
        if (wanted > _chars.Length) Array.Resize(ref _chars, Math.Max(wanted, _chars.Length * 2));
        text.CopyTo(_chars.AsSpan(Length));
        Length = wanted;
    }

    public void AppendCodePoint(int codePoint)
    {
        if (codePoint < 0x10000)
        {
            Append((char)codePoint);
            return;
        }

        Append((char)(0xD800 + ((codePoint - 0x10000) >> 10)));
        Append((char)(0xDC00 + ((codePoint - 0x10000) & 0x3FF)));
    }
}
