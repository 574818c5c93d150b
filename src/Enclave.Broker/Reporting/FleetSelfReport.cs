using System.Security.Cryptography;
using Enclave.Broker.Executors;
using Enclave.Broker.Fleet;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Broker.Stats;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Enclave.Broker.Reporting;

/// <summary>Collects the report of this broker, and of the runtimes that do not report themselves.</summary>
internal sealed class FleetSelfReport(FleetOptions options,
    BrokerOptions broker,
    SessionDirectory sessions, SessionEndCounts stats, IRuntimeInventory inventory, BrokerState state, IServer? server, TimeProvider clock)
{
    private const int IdBytes = 16;

    private readonly long _begun = clock.GetTimestamp();

    /// <summary>Identifies this broker for as long as it runs.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    public async Task<IReadOnlyList<FleetPart>> CollectAsync(CancellationToken cancellationToken)
    {
        var parts = new List<FleetPart> { Broker() };
        // Runtimes at queues report to every broker themselves.
        if (inventory.Mode == RuntimeModes.Queues) return parts;
        foreach (RuntimeStats place in await inventory.InspectAsync(cancellationToken).ConfigureAwait(false))
        {
            parts.Add(inventory.Mode == RuntimeModes.Embedded
                ? RuntimePart.Of(place, Id, options.Name)
                : RuntimePart.Of(place, Cut(place.Name, FleetPart.MaxId), Cut(place.Name, FleetPart.MaxName)));
        }

        return parts;
    }

    private BrokerPart Broker()
    {
        // One look: a session that opens between two would be in one figure and not in the other.
        IReadOnlyDictionary<string, (int Running, int Waiting)> now = sessions.Tenants();
        (IReadOnlyList<TenantPart> tenants, int others) = Tenants(now);
        (double? p50, double? p99) = stats.Latency();
        return new BrokerPart(Id, options.Name, state.Text)
        {
            Version = FleetPart.ThisVersion,
            Address = server?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address ? Cut(address, FleetPart.MaxId) : null,
            Mode = inventory.Mode,
            UptimeMs = (long)clock.GetElapsedTime(_begun).TotalMilliseconds,
            Running = now.Values.Sum((tenant) => tenant.Running + tenant.Waiting),
            Waiting = now.Values.Sum((tenant) => tenant.Waiting),
            Max = broker.MaxSessions,
            Total = stats.Begun,
            Refused = stats.RefusedInAll,
            P50 = p50,
            P99 = p99,
            Queues = [.. inventory.Queues().OrderByDescending((queue) => queue.Waiting).Take(FleetPart.MaxQueues)],
            Tenants = tenants,
            OtherTenants = others,
        };
    }

    private (IReadOnlyList<TenantPart> Shown, int Others) Tenants(IReadOnlyDictionary<string, (int Running, int Waiting)> now)
    {
        IReadOnlyDictionary<string, long> refused = stats.RefusedOf();
        TenantPart[] all = [.. now.Keys.Union(refused.Keys).Select((tenant) => new TenantPart(
            Shown(tenant), now.GetValueOrDefault(tenant).Running, now.GetValueOrDefault(tenant).Waiting, refused.GetValueOrDefault(tenant)))];
        TenantPart[] shown = [.. TenantPart.Busiest(all).Take(options.MaxTenants)];
        return (shown, all.Length - shown.Length);
    }

    private string Shown(string tenant) =>
        tenant.Length == 0 ? "" : options.TenantNames == FleetTenantNames.Names ? Cut(tenant, FleetPart.MaxName) : RemoteAttempt.Pseudonym(tenant)![..IdBytes];

    private static string Cut(string text, int most) => text.Length > most ? text[..most] : text;
}
