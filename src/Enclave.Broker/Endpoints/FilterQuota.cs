using Enclave.Broker.Filters;
using Enclave.Broker.Sessions;
using Enclave.Streaming;

namespace Enclave.Broker.Endpoints;

/// <summary>The readers of one owner whose filters read event contents.</summary>
internal sealed class FilterQuota(string owner) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public string Owner => owner;

    /// <summary>Their number. Guarded by the lock of <see cref="FilterQuotas"/>.</summary>
    public int Readers { get; set; }

    /// <summary>Returns whether an event passes a filter. Waits until it is this reader's turn.</summary>
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
