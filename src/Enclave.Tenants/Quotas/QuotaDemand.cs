using Enclave.Tenants.Policies;

namespace Enclave.Tenants.Quotas;

/// <summary>The most that a run may use of one quota.</summary>
/// <param name="Rule">The quota.</param>
/// <param name="Key">The run's key, for quotas of keys; otherwise empty.</param>
/// <param name="Amount">The most that the run may use, in units.</param>
internal readonly record struct QuotaDemand(QuotaRule Rule, string Key, long Amount)
{
    /// <summary>Names the counter in its book.</summary>
    public string Counter => Key.Length == 0 ? Rule.Id : $"{Rule.Id}/{Key}";
}
