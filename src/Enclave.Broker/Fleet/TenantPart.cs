using System.Text.Json;

namespace Enclave.Broker.Fleet;

/// <summary>A tenant, as one broker sees it.</summary>
/// <param name="Name">Its name or pseudonym; empty for clients without one.</param>
/// <param name="Running">Sessions that have begun.</param>
/// <param name="Waiting">Sessions that are waiting.</param>
/// <param name="Refused">Sessions refused since the broker's start.</param>
internal sealed record TenantPart(string Name, int Running, int Waiting, long Refused)
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, Name);
        writer.WriteNumber("running"u8, Running);
        writer.WriteNumber("waiting"u8, Waiting);
        writer.WriteNumber("refused"u8, Refused);
        writer.WriteEndObject();
    }

    public static TenantPart? Read(JsonElement json) => FleetJson.Text(json, "name", FleetPart.MaxName) is { } name
        ? new TenantPart(name, FleetJson.Count(json, "running"), FleetJson.Count(json, "waiting"), FleetJson.Number(json, "refused"))
        : null;

    /// <summary>Sorts tenants by their number of sessions, most first.</summary>
    public static IEnumerable<TenantPart> Busiest(IEnumerable<TenantPart> tenants) =>
        tenants.OrderByDescending((tenant) => tenant.Running + (long)tenant.Waiting)
            .ThenByDescending((tenant) => tenant.Refused).ThenBy((tenant) => tenant.Name, StringComparer.Ordinal);
}
