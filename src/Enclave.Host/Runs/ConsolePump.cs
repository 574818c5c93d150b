using System.Threading.Channels;

namespace Enclave.Runs;

/// <summary>Passes console lines to a caller's handler in order, on the thread pool, never concurrently. The run's console budget bounds its queue.</summary>
internal sealed class ConsolePump
{
    private readonly Channel<ConsoleLine> _lines = Channel.CreateUnbounded<ConsoleLine>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Action<ConsoleLine> _handler;
    private readonly Action<Exception> _onFault;
    private readonly Task _pump;

    public ConsolePump(Action<ConsoleLine> handler, Action<Exception> onFault)
    {
        (_handler, _onFault) = (handler, onFault);
        _pump = Task.Run(RunAsync);
    }

    public void Post(ConsoleLine line) => _lines.Writer.TryWrite(line);

    /// <summary>Calls back when every line has been handled.</summary>
    public void Finish(Action done)
    {
        _lines.Writer.TryComplete();
        _ = _pump.ContinueWith((_) => done(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
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
