using System.Runtime.CompilerServices;

namespace Enclave.Streaming;

/// <summary>Reads the events of a stream.</summary>
public static class NdjsonReader
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>The events of a stream as they come, until it ends. Lines that are none are passed over.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="tolerance">How much is forgiven.</param>
    /// <param name="maxLineBytes">Longest line, without its end. Range: 1 and above. Default: <see cref="NdjsonParser.DefaultMaxLineBytes"/>.</param>
    /// <param name="problem">Hears of lines that are no events; null for nobody.</param>
    /// <param name="ct">Ends the reading with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>Nothing is read ahead: who takes the next event late makes the sender wait.</remarks>
    public static async IAsyncEnumerable<SessionEvent> ReadAsync(
        Stream stream, EventTolerance tolerance, int maxLineBytes = NdjsonParser.DefaultMaxLineBytes, Action<NdjsonProblem>? problem = null, [EnumeratorCancellation] CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var parser = new NdjsonParser(tolerance, maxLineBytes);
        byte[] piece = new byte[PieceBytes];
        NdjsonLine line;
        while (await stream.ReadAsync(piece, ct).ConfigureAwait(false) is > 0 and int length)
        {
            ReadOnlyMemory<byte> bytes = piece.AsMemory(0, length);
            while (parser.TryRead(ref bytes, out line))
            {
                if (line.Problem is not null) problem?.Invoke(line.Problem);
                if (line.Event is not null) yield return line.Event;
            }
        }

        if (!parser.TryEnd(out line)) yield break;
        if (line.Problem is not null) problem?.Invoke(line.Problem);
        if (line.Event is not null) yield return line.Event;
    }
}
