using System.Diagnostics.CodeAnalysis;
using Enclave.Broker.Errors;
using Enclave.Broker.Filters;

namespace Enclave.Broker.Endpoints;

/// <summary>
/// Bounds the cost of filters that read event contents, for each owner: a number of readers, and
/// one event at a time. Filters of one owner use at most one core.
/// </summary>
internal sealed class FilterQuotas(int maxReaders)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FilterQuota> _shares = new(StringComparer.Ordinal);

    /// <summary>Adds a reader to its owner's quota, or refuses it. A filter that reads no contents needs none: then the quota is null.</summary>
    public bool TryReserve(string owner, EventFilter? filter, out FilterQuota? share, [NotNullWhen(false)] out BrokerError? refusal)
    {
        (share, refusal) = (null, null);
        if (filter is not { ReadsContents: true }) return true;
        lock (_gate)
        {
            FilterQuota found = _shares.GetValueOrDefault(owner) ?? new FilterQuota(owner);
            if (found.Readers >= maxReaders)
            {
                refusal = BrokerError.FilteredFull(maxReaders);
                return false;
            }

            found.Readers++;
            _shares[owner] = share = found;
            return true;
        }
    }

    /// <summary>Removes a reader from its owner's quota.</summary>
    public void Release(FilterQuota? share)
    {
        if (share is null) return;
        lock (_gate)
        {
            if (--share.Readers > 0) return;
            _shares.Remove(share.Owner);
        }

        share.Dispose();
    }
}
