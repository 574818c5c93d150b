namespace Enclave.Mcp.Transports;

/// <summary>
/// A child's standard input, with a bound on the wait for a child that does not read, because such a child would hold up every later message.
/// </summary>
/// <param name="inner">The pipe.</param>
/// <param name="limit">Longest wait of one write.</param>
/// <param name="end">Ends the child, which ends the write.</param>
/// <param name="clock">The clock of the wait.</param>
internal sealed class PatientInput(Stream inner, TimeSpan limit, Action end, TimeProvider clock) : MessageStream(inner, isRead: false)
{
    // Not the caller's token: half a message would break the next one.
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await WaitAsync(Inner.WriteAsync(buffer, CancellationToken.None).AsTask()).ConfigureAwait(false);

    public override Task FlushAsync(CancellationToken cancellationToken) => WaitAsync(Inner.FlushAsync(CancellationToken.None));

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
