using System.Runtime.CompilerServices;
using Enclave.Cli.Commands;
using Enclave.Cli.Scripts;

namespace Enclave.Cli.Batch;

/// <summary>The lines of a batch, read only a little ahead of the running jobs.</summary>
internal sealed class BatchLines : IDisposable
{
    private readonly Stream _stream;
    private readonly StreamReader _reader;

    /// <exception cref="UsageException">The file cannot be read.</exception>
    public BatchLines(string file)
    {
        try
        {
            _stream = file == SourceFile.StandardInput ? Console.OpenStandardInput() : File.OpenRead(file);
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
            string? text = await ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (text is null) yield break;
            if (!string.IsNullOrWhiteSpace(text)) yield return new BatchLine(number, text);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A read of standard input cannot be cancelled, only abandoned.
            return await _reader.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
