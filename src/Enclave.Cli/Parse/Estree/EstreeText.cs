using System.Buffers;
using System.Globalization;

namespace Enclave.Cli.Parse.Estree;

/// <summary>Writes JSON to a text writer, through its own buffer.</summary>
internal sealed class EstreeText(TextWriter output) : IDisposable
{
    private const int BufferSize = 1 << 15;
    private const int MaxEscapeLength = 6;
    private const int MaxIntegerLength = 11;

    // Characters that JSON.stringify may have to escape (ECMA-262 25.5.2.4, QuoteJSONString): controls, quote, backslash, surrogates.
    private static readonly SearchValues<char> s_special = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0x20).Select((unit) => (char)unit), '"', '\\', .. Enumerable.Range(0xd800, 0x800).Select((unit) => (char)unit),
    ]);

    private char[] _buffer = ArrayPool<char>.Shared.Rent(BufferSize);
    private int _used;

    /// <summary>Appends text unchanged.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        while (text.Length > _buffer.Length - _used)
        {
            int fits = _buffer.Length - _used;
            text[..fits].CopyTo(_buffer.AsSpan(_used));
            _used += fits;
            text = text[fits..];
            Flush();
        }

        text.CopyTo(_buffer.AsSpan(_used));
        _used += text.Length;
    }

    /// <summary>Appends one character unchanged.</summary>
    public void Append(char character)
    {
        if (_used == _buffer.Length) Flush();
        _buffer[_used++] = character;
    }

    /// <summary>A member's name, which needs no escapes.</summary>
    public void Key(string name)
    {
        Append(",\"");
        Append(name);
        Append("\":");
    }

    /// <summary>A whole number.</summary>
    public void AppendInteger(int value)
    {
        if (_buffer.Length - _used < MaxIntegerLength) Flush();
        value.TryFormat(_buffer.AsSpan(_used), out int written, default, CultureInfo.InvariantCulture);
        _used += written;
    }

    /// <summary>A string in quotes.</summary>
    public void Quote(ReadOnlySpan<char> text)
    {
        Append('"');
        while (true)
        {
            int special = text.IndexOfAny(s_special);
            if (special < 0) break;
            Append(text[..special]);
            text = text[special..];
            int taken = char.IsSurrogatePair(text[0], text.Length > 1 ? text[1] : '\0') ? 2 : 1;
            if (taken == 2) Append(text[..2]);
            else Escape(text[0]);
            text = text[taken..];
        }

        Append(text);
        Append('"');
    }

    /// <summary>Passes the rest to the writer.</summary>
    public void Flush()
    {
        output.Write(_buffer, 0, _used);
        _used = 0;
    }

    /// <summary>Returns the buffer.</summary>
    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Escape(char character)
    {
        if (_buffer.Length - _used < MaxEscapeLength) Flush();
        _buffer[_used++] = '\\';
        char letter = character switch { '"' => '"', '\\' => '\\', '\b' => 'b', '\f' => 'f', '\n' => 'n', '\r' => 'r', '\t' => 't', _ => 'u' };
        _buffer[_used++] = letter;
        if (letter != 'u') return;
        ((int)character).TryFormat(_buffer.AsSpan(_used), out int written, "x4", CultureInfo.InvariantCulture);
        _used += written;
    }
}
