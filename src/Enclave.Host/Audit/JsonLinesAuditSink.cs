using System.Buffers;
using Enclave.Audit;
using Enclave.Isolation;

namespace Enclave;

/// <summary>Writes each record as one line of JSON to a file or a stream.</summary>
/// <remarks>
/// The file is opened for each batch, appended to, synced to disk and closed. So log rotation may move it at any time without a signal. A batch that fails
/// half-way is removed. The sink does not rotate the file by itself. A link of another user is not followed.
/// </remarks>
public sealed class JsonLinesAuditSink : IAuditSink
{
    private readonly string? _path;
    private readonly Stream? _stream;

    /// <summary>Appends to this file. A new file is readable by its owner only.</summary>
    public JsonLinesAuditSink(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
    }

    /// <summary>Writes to this stream and flushes it after each batch. The caller owns the stream.</summary>
    public JsonLinesAuditSink(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        var lines = new ArrayBufferWriter<byte>();
        foreach (AuditRecord record in records)
        {
            lines.Write(AuditJson.ToUtf8(record).Span);
            lines.Write("\n"u8);
        }

        if (_path is not null) Append(_path, lines.WrittenSpan);
        else await WriteAsync(_stream!, lines.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(lines, cancellationToken).ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes all of it or nothing.</summary>
    private static void Append(string path, ReadOnlySpan<byte> lines)
    {
        using FileStream file = OutputFile.Open(path, FileAccess.ReadWrite, FileShare.Read);
        long end = file.Seek(0, SeekOrigin.End);
        try
        {
            // An earlier writer may have died in the middle of a line.
            if (end > 0 && !EndsLine(file, end)) file.Write("\n"u8);
            file.Write(lines);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            // The whole batch is written again, so a partial one must go.
            file.SetLength(end);
            throw;
        }
    }

    private static bool EndsLine(FileStream file, long end)
    {
        file.Position = end - 1;
        return file.ReadByte() == '\n';
    }
}
