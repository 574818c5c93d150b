using Enclave.Broker.Fleet;
using Enclave.Broker.Http;
using Enclave.Broker.Lifecycle;
using Enclave.Broker.Sessions;
using Enclave.Broker.Stats;
using Microsoft.AspNetCore.Http;

namespace Enclave.Broker.Endpoints;

/// <summary>Reports to its operator what the broker does: statistics over all owners, without details of any session.</summary>
internal sealed class StatsRoute(BrokerOptions options, SessionDirectory sessions, SessionEndCounts stats, IRuntimeInventory inventory, TimeProvider clock)
{
    private readonly long _begun = clock.GetTimestamp();

    public async Task AnswerAsync(HttpContext context)
    {
        IReadOnlyList<RuntimeStats> looked = await inventory.InspectAsync(context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.CacheControl = "no-store";
        await JsonResponses.JsonAsync(context, (writer) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("time"u8, clock.GetUtcNow().ToUnixTimeMilliseconds());
            writer.WriteString("mode"u8, inventory.Mode);
            if (looked.FirstOrDefault((place) => place.Level is not null)?.Level is { } level) writer.WriteString("level"u8, level);
            writer.WriteNumber("uptime"u8, (long)clock.GetElapsedTime(_begun).TotalMilliseconds);
            writer.WriteStartObject("sessions"u8);
            writer.WriteNumber("active"u8, sessions.Count.Running);
            writer.WriteNumber("total"u8, stats.Begun);
            writer.WriteNumber("max"u8, options.MaxSessions);
            writer.WriteEndObject();
            writer.WriteStartObject("limits"u8);
            writer.WriteNumber("sessionTtlMs"u8, (long)options.SessionTtl.TotalMilliseconds);
            writer.WriteNumber("toolTimeoutMs"u8, (long)options.ToolTimeout.TotalMilliseconds);
            writer.WriteNumber("maxToolCalls"u8, options.MaxToolCalls);
            writer.WriteNumber("maxStdoutBytes"u8, options.MaxStdoutBytes);
            writer.WriteNumber("maxToolResultBytes"u8, options.MaxToolResultBytes);
            writer.WriteEndObject();
            stats.WriteMembers(writer);
            writer.WriteStartArray("places"u8);
            foreach (RuntimeStats place in looked) place.WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }
}
