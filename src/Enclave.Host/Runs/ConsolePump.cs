using System.Threading.Channels;

namespace Enclave.Runs;

/// <summary>Passes console lines to a caller's handler in order, on the thread pool, never concurrently. The run's console budget bounds its queue.</summary>
internal sealed class ConsolePump
{
    /// <summary>How long the answer waits for lines that are still being handled. A handler that hangs must not withhold it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Channel<ConsoleLine> _lines = Channel.CreateUnbounded<ConsoleLine>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Action<ConsoleLine> _handler;
    private readonly Action<Exception> _onFault;
    private readonly TimeProvider _clock;
    private readonly Task _pump;

    /// <param name="handler">Called for each line.</param>
    /// <param name="onFault">Called with what the handler throws.</param>
    /// <param name="clock">Measures the grace.</param>
    public ConsolePump(Action<ConsoleLine> handler, Action<Exception> onFault, TimeProvider clock)
    {
        (_handler, _onFault, _clock) = (handler, onFault, clock);
        _pump = Task.Run(RunAsync);
    }

    public void Post(ConsoleLine line) => _lines.Writer.TryWrite(line);

    /// <summary>Takes no more lines.</summary>
    public void Close() => _lines.Writer.TryComplete();

    /// <summary>
    /// Takes no more lines, and calls back once on the thread pool: when every line has been handled, when the grace is over, or when the token is cancelled.
    /// Lines that are left then are still handled, in order.
    /// </summary>
    public void Finish(Action done, CancellationToken token)
    {
        Close();
        _ = CallBackAsync(done, token);
    }

    private async Task CallBackAsync(Action done, CancellationToken token)
    {
        // Yields even if nothing is left to handle, because the calling thread may be a worker's reader.
        await _pump.WaitAsync(Grace, _clock, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        done();
    }

    private async Task RunAsync()
    {
        await foreach (ConsoleLine line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                _handler(line);
            }
#pragma warning disable CA1031 // A caller's handler may throw anything, and none of it is the run's failure.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                _onFault(fault);
            }
        }
    }
}
