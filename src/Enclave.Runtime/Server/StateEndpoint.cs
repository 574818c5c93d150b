using System.Text.Json;
using Enclave.Runtime.State;
using Enclave.SessionWire;
using Microsoft.AspNetCore.Http;

namespace Enclave.Runtime.Server;

/// <summary>Reports the runtime's health to everybody, and its statistics to authenticated peers.</summary>
internal sealed class StateEndpoint(IRuntimeState runtime, RuntimeWorkerOptions options, Func<EnclaveHost?> host)
{
    private static readonly string s_version = typeof(StateEndpoint).Assembly.GetName().Version!.ToString(3);

    private readonly UpgradeGate _gate = new(options.Security);

    public Task HealthAsync(HttpContext context)
    {
        RuntimeWorkerStats stats = runtime.GetStats();
        string? unreachable = runtime.Unreachable;
        if (!stats.IsRunning || unreachable is not null) context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Refusals.WriteJsonAsync(context, (writer) =>
        {
            writer.WriteString("status"u8, !stats.IsRunning ? "stopping" : unreachable is not null ? "unreachable" : "ok");
            writer.WriteNumber("uptime"u8, stats.UptimeMs);
            writer.WriteStartObject("sessions"u8);
            writer.WriteNumber("active"u8, stats.ActiveSessions);
            writer.WriteNumber("total"u8, stats.TotalSessions);
            writer.WriteNumber("max"u8, options.MaxSessions);
            writer.WriteEndObject();
            writer.WriteNumber("activeSessions"u8, stats.ActiveSessions);
            writer.WriteNumber("maxSessions"u8, options.MaxSessions);
        });
    }

    /// <summary>
    /// Reports whether the process responds. A restart would not repair an unreachable queue server, and sessions continue while the runtime stops.
    /// </summary>
    public Task LiveAsync(HttpContext context) => Refusals.WriteJsonAsync(context, (writer) =>
    {
        writer.WriteString("status"u8, "live");
        writer.WriteNumber("uptime"u8, runtime.GetStats().UptimeMs);
    });

    public Task StatsAsync(HttpContext context)
    {
        if (_gate.Refusal(context.Request) is { } refusal) return Refusals.WriteAsync(context, refusal.Status, refusal.Code, refusal.Message);
        RuntimeWorkerStats stats = runtime.GetStats();
        EnclaveHost? made = host();
        return Refusals.WriteJsonAsync(context, (writer) =>
        {
            stats.WriteMembers(writer);
            writer.WriteNumber("maxSessions"u8, options.MaxSessions);
            writer.WriteString("version"u8, s_version);
            writer.WriteString("level"u8, options.SecurityLevel.ToString().ToLowerInvariant());
            if (made is null) return;
            writer.WritePropertyName("pool"u8);
            WirePool.Write(writer, made.GetSnapshot());
            writer.WritePropertyName("isolation"u8);
            WirePool.Write(writer, made.GetIsolationReport());
        });
    }
}
