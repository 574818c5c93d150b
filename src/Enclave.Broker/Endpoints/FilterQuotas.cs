using Enclave.Broker.Access;
using Enclave.Broker.Errors;
using Enclave.Broker.Filters;
using Enclave.Broker.Http;
using Enclave.Streaming;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>
/// Bounds the cost of filters that read event contents, for each owner: a number of readers, and
/// one event at a time. Filters of one owner use at most one core.
/// </summary>
internal sealed class FilterQuotas(int maxReaders)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FilterQuota> _shares = new(StringComparer.Ordinal);

    /// <summary>Runs a reader within its owner's quota, or refuses it.</summary>
    public async Task ReadAsync(HttpContext context, Caller caller, EventFilter? filter, Func<FilterQuota?, Task> read)
    {
        if (filter is not { ReadsContents: true })
        {
            await read(null).ConfigureAwait(false);
            return;
        }

        if (TryReserve(caller.Payer(context)) is not { } share)
        {
            await JsonResponses.ErrorAsync(context, BrokerError.FilteredFull(maxReaders)).ConfigureAwait(false);
            return;
        }

        try
        {
            await read(share).ConfigureAwait(false);
        }
        finally
        {
            Release(share);
        }
    }

    /// <summary>Adds a reader to its owner's quota; null if the owner has the maximum number of readers.</summary>
    private FilterQuota? TryReserve(string owner)
    {
        lock (_gate)
        {
            FilterQuota share = _shares.GetValueOrDefault(owner) ?? new FilterQuota(owner);
            if (share.Readers >= maxReaders) return null;
            share.Readers++;
            _shares[owner] = share;
            return share;
        }
    }

    private void Release(FilterQuota share)
    {
        lock (_gate)
        {
            if (--share.Readers > 0) return;
            _shares.Remove(share.Owner);
        }

        share.Dispose();
    }
}
