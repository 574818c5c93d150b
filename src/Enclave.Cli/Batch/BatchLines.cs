using System.Runtime.CompilerServices;
using System.Text;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Batch;

/// <summary>The lines of a batch, read only a little ahead of the running jobs.</summary>
internal sealed class BatchLines : IDisposable
{
    private readonly Stream _stream;
    private readonly StreamReader _reader;
    private readonly char[] _buffer = new char[16 * 1024];
    private ReadOnlyMemory<char> _unread;

    /// <exception cref="UsageException">The file cannot be read.</exception>
    public BatchLines(string file)
    {
        try
        {
            _stream = TextFile.Open(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(FileFault.Of(file, fault));
        }

        _reader = new StreamReader(_stream);
    }

    /// <summary>The part that has been read, from 0 to 1; null if the size is unknown.</summary>
    public double? Progress => _stream is FileStream { CanSeek: true, Length: > 0 } file ? (double)file.Position / file.Length : null;

    /// <summary>Every line that is not blank, until the end or a cancel.</summary>
    public async IAsyncEnumerable<BatchLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long number = 1; !cancellationToken.IsCancellationRequested; number++)
        {
            BatchLine? line;
            try
            {
                // A read of standard input cannot be cancelled, only abandoned.
                line = await ReadLineAsync(number).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                yield break;
            }

            if (line is not { } read) yield break;
            if (read.Text is null || !string.IsNullOrWhiteSpace(read.Text)) yield return read;
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    // Null at the end.
    private async Task<BatchLine?> ReadLineAsync(long number)
    {
        var line = new StringBuilder();
        bool isTooLong = false;
        while (true)
        {
            if (_unread.IsEmpty)
            {
                _unread = _buffer.AsMemory(0, await _reader.ReadAsync(_buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false));
                if (_unread.IsEmpty && line.Length == 0 && !isTooLong) return null;
            }

            int end = _unread.Span.IndexOf('\n');
            bool isEnd = end >= 0 || _unread.IsEmpty;
            ReadOnlyMemory<char> part = end < 0 ? _unread : _unread[..end];
            _unread = _unread[(end < 0 ? part.Length : end + 1)..];
            isTooLong |= line.Length + part.Length > BatchLine.MaxCharacters;
            // The rest of such a line is read, and dropped.
            if (isTooLong) line.Clear();
            else line.Append(part);
            if (isEnd) return new BatchLine(number, isTooLong ? null : line.ToString());
        }
    }
}
