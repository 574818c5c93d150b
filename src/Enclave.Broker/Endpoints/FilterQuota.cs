using Enclave.Broker.Sessions;
using Enclave.Streaming;

namespace Enclave.Broker.Endpoints;

/// <summary>The filtered readers of one owner.</summary>
internal sealed class FilterQuota(string owner) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public string Owner => owner;

    /// <summary>How many there are. Under the lock of all shares.</summary>
    public int Readers { get; set; }

    /// <summary>Whether an event passes a filter, once it is this reader's turn.</summary>
    public async ValueTask<bool> PassesAsync(EventFilter filter, LoggedEvent found, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return found.Passes(filter);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
