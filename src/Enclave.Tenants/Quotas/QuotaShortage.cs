using Enclave.Tenants.Policies;

namespace Enclave.Tenants.Quotas;

/// <summary>A quota without room for a run.</summary>
/// <param name="Rule">The quota.</param>
/// <param name="Used">Its use, reservations of running runs included, in units.</param>
/// <param name="Wanted">The most that the run may use, in units.</param>
/// <param name="Room">When there will be room, unless other runs take it; null if that is unknown, because a run must end first, or never.</param>
internal sealed record QuotaShortage(QuotaRule Rule, long Used, long Wanted, DateTimeOffset? Room)
{
    /// <summary>The run's key, for quotas of keys; otherwise empty.</summary>
    public string Key { get; init; } = "";

    /// <summary>The units that this host lacks.</summary>
    public long Missing { get; init; }
}
