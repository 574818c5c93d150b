using System.Buffers;
using System.Text;
using Enclave.Streaming.Json;

namespace Enclave.Streaming;

/// <summary>Splits bytes into lines and reads an event from each. Bytes may arrive in pieces of any size.</summary>
/// <remarks>
/// Only <c>\n</c> ends a line. White space around a line and blank lines are ignored. Only one unfinished line is
/// buffered, up to the longest permitted line. Not thread-safe.
/// </remarks>
public sealed class NdjsonParser
{
    /// <summary>Default maximum length of a line: 16 MB.</summary>
    public const int DefaultMaxLineBytes = 16 * 1024 * 1024;

    private const int ShownCharacters = 100;
    private const int KeptBufferBytes = 1024 * 1024;

    // At most four bytes per character.
    private const int ShownBytes = ShownCharacters * 4 + 4;

    private readonly EventTolerance _tolerance;
    private readonly int _maxLineBytes;
    private ArrayBufferWriter<byte> _unfinished = new();
    private bool _tooLong;

    /// <summary>Creates a parser at the start of a stream.</summary>
    /// <param name="tolerance">The tolerance of the reader.</param>
    /// <param name="maxLineBytes">Maximum length of a line without its end. A longer one becomes a
    /// problem, and its rest is skipped. Range: 1 and above.</param>
    public NdjsonParser(EventTolerance tolerance, int maxLineBytes = DefaultMaxLineBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLineBytes, 1);
        _tolerance = tolerance;
        _maxLineBytes = maxLineBytes;
    }

    /// <summary>Number of completed lines.</summary>
    public long Lines { get; private set; }

    /// <summary>True if a line has begun and not ended.</summary>
    public bool IsPending => _unfinished.WrittenCount > 0 || _tooLong;

    /// <summary>Reads up to the end of the next line that is not blank. Call it until it returns false: then all bytes are consumed.</summary>
    /// <param name="bytes">The new bytes; afterwards those that are not consumed.</param>
    /// <param name="line">The result for the line.</param>
    public bool TryRead(ref ReadOnlyMemory<byte> bytes, out NdjsonLine line)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> piece = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (Take(piece, end >= 0, out line)) return true;
        }

        line = default;
        return false;
    }

    /// <summary>Reads the last line of a stream that ended without a line end. Returns true if it was not blank.</summary>
    public bool TryEnd(out NdjsonLine line)
    {
        line = default;
        return IsPending && Take(default, ends: true, out line);
    }

    private bool Take(ReadOnlyMemory<byte> piece, bool ends, out NdjsonLine line)
    {
        line = default;
        bool found = false;
        if (!_tooLong && piece.Length > _maxLineBytes - _unfinished.WrittenCount)
        {
            // Reported at once, and not at the end of the line, which may never come.
            line = TooLong(piece.Span);
            found = true;
            _tooLong = true;
            _unfinished.Clear();
        }
        else if (!_tooLong && ends)
        {
            found = TryReadLine(Joined(piece), out line);
        }
        else if (!_tooLong)
        {
            _unfinished.Write(piece.Span);
        }

        if (ends) EndLine();
        return found;
    }

    private void EndLine()
    {
        Lines++;
        _tooLong = false;
        _unfinished.ResetWrittenCount();
        // The memory of a long line is not kept for later short ones.
        if (_unfinished.Capacity > KeptBufferBytes) _unfinished = new ArrayBufferWriter<byte>();
    }

    private ReadOnlyMemory<byte> Joined(ReadOnlyMemory<byte> piece)
    {
        if (_unfinished.WrittenCount == 0) return piece;
        _unfinished.Write(piece.Span);
        return _unfinished.WrittenMemory;
    }

    private bool TryReadLine(ReadOnlyMemory<byte> bytes, out NdjsonLine line)
    {
        line = default;
        ReadOnlyMemory<byte> content = JavaScriptSpace.Trim(bytes);
        if (content.IsEmpty) return false;
        line = EventReader.TryRead(content, _tolerance, out SessionEvent? read, out string? error)
            ? new NdjsonLine(read, null)
            : new NdjsonLine(null, new NdjsonProblem(Lines + 1, error, Shown(content.Span)));
        return true;
    }

    private NdjsonLine TooLong(ReadOnlySpan<byte> piece)
    {
        Span<byte> start = stackalloc byte[ShownBytes];
        ReadOnlySpan<byte> held = _unfinished.WrittenSpan;
        held = held[..Math.Min(held.Length, ShownBytes)];
        held.CopyTo(start);
        piece = piece[..Math.Min(piece.Length, ShownBytes - held.Length)];
        piece.CopyTo(start[held.Length..]);
        return new NdjsonLine(
            null, new NdjsonProblem(Lines + 1, $"Line too long: more than {_maxLineBytes} bytes", Shown(start[..(held.Length + piece.Length)])));
    }

    private static string Shown(ReadOnlySpan<byte> line)
    {
        string text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, ShownBytes)]);
        if (text.Length <= ShownCharacters) return text;
        int cut = char.IsHighSurrogate(text[ShownCharacters - 1]) ? ShownCharacters - 1 : ShownCharacters;
        return $"{text.AsSpan(0, cut)}...";
    }
}
