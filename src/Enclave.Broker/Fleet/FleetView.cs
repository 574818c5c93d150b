using System.Text.Json;
using Enclave.Broker.Stats;

namespace Enclave.Broker.Fleet;

/// <summary>The fleet for its operator: its parts and their sums. A silent part is listed, but not included in sums.</summary>
internal sealed class FleetView(IReadOnlyList<FleetMember> members, FleetOptions options)
{
    private const string Silent = "silent";

    /// <summary>Rows that a page can show. The number of brokers times the lists of each would be more.</summary>
    private const int MaxRows = 200;

    private IEnumerable<BrokerPart> SpeakingBrokers => members.Where((member) => !member.IsSilent).Select((member) => member.Part).OfType<BrokerPart>();

    private IEnumerable<RuntimePart> SpeakingRuntimes => members.Where((member) => !member.IsSilent).Select((member) => member.Part).OfType<RuntimePart>();

    public void WriteMembers(Utf8JsonWriter writer)
    {
        WriteParts<BrokerPart>(writer, "brokers");
        WriteParts<RuntimePart>(writer, "runtimes");
        WriteQueues(writer);
        WriteTenants(writer);
        FleetJson.Write(writer, "recycled", Sum((pool) => pool.Recycled));
        FleetJson.Write(writer, "security", Sum((pool) => pool.Security));
    }

    private void WriteParts<T>(Utf8JsonWriter writer, string name)
        where T : FleetPart
    {
        writer.WriteStartArray(name);
        foreach (FleetMember member in members.Where((member) => member.Part is T)
            .OrderBy((member) => member.Part.Name, StringComparer.Ordinal).ThenBy((member) => member.Part.Id, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            member.Part.WriteMembers(writer, member.IsSilent ? Silent : null);
            writer.WriteNumber("seenMs"u8, (long)member.Age.TotalMilliseconds);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the queues. Waiting sessions belong to one broker each and are added up. Free slots are the same ones for all brokers.</summary>
    private void WriteQueues(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("queues"u8);
        foreach (IGrouping<string, (QueuePart Queue, bool IsShared)> queue in SpeakingBrokers.SelectMany(
            (broker) => broker.Queues.Select((queue) => (Queue: queue, IsShared: broker.Mode == RuntimeModes.Queues)))
            .GroupBy((entry) => entry.Queue.Name, StringComparer.Ordinal).OrderBy((queue) => queue.Key, StringComparer.Ordinal).Take(MaxRows))
        {
            int shared = queue.Where((entry) => entry.IsShared).Select((entry) => entry.Queue.Free).DefaultIfEmpty().Max(),
                own = queue.Where((entry) => !entry.IsShared).Sum((entry) => entry.Queue.Free);
            new QueuePart(queue.Key, queue.Sum((entry) => entry.Queue.Waiting),
                queue.Sum((entry) => entry.Queue.Published), shared + own, queue.Max((entry) => entry.Queue.AgeMs)).WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private void WriteTenants(Utf8JsonWriter writer)
    {
        TenantPart[] all =
        [
            .. SpeakingBrokers.SelectMany((broker) => broker.Tenants).GroupBy((tenant) => tenant.Name, StringComparer.Ordinal)
                .Select((tenant) => new TenantPart(
                    tenant.Key, tenant.Sum((one) => one.Running), tenant.Sum((one) => one.Waiting), tenant.Sum((one) => one.Refused))),
        ];
        TenantPart[] shown = [.. TenantPart.Busiest(all).Take(options.MaxTenants)];
        writer.WriteStartArray("tenants"u8);
        foreach (TenantPart tenant in shown) tenant.WriteTo(writer);
        writer.WriteEndArray();
        // Tenants that one broker names and another does not are counted twice: the number is an upper bound.
        writer.WriteNumber("otherTenants"u8, all.Length - shown.Length + SpeakingBrokers.Sum((broker) => broker.OtherTenants));
    }

    private Dictionary<string, long> Sum(Func<PoolPart, IReadOnlyDictionary<string, long>> counts) =>
        SpeakingRuntimes.Where((runtime) => runtime.Pool is not null)
        .SelectMany((runtime) => counts(runtime.Pool!)).GroupBy((entry) => entry.Key, StringComparer.Ordinal)
        .Take(MaxRows).ToDictionary((kind) => kind.Key, (kind) => kind.Sum((entry) => entry.Value), StringComparer.Ordinal);
}
