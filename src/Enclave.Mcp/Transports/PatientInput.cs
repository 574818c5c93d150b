namespace Enclave.Mcp.Transports;

/// <summary>A child's standard input, with a bound on the wait for a child that does not read: it would hold every later message too.</summary>
/// <param name="inner">The pipe.</param>
/// <param name="limit">Longest wait of one write.</param>
/// <param name="end">Ends the child, which ends the write.</param>
/// <param name="clock">The clock of the wait.</param>
internal sealed class PatientInput(Stream inner, TimeSpan limit, Action end, TimeProvider clock) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // Not the caller's token: half a message would break the next one.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await WaitAsync(inner.WriteAsync(buffer, CancellationToken.None).AsTask()).ConfigureAwait(false);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => WaitAsync(inner.FlushAsync(CancellationToken.None));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }

    private async Task WaitAsync(Task work)
    {
        try
        {
            await work.WaitAsync(limit, clock).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            end();
            _ = work.ContinueWith((late) => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw new IOException($"the server had not read a message after {limit}");
        }
    }
}
