using System.Text.Json;
using Enclave.Cluster.Tests.Load;
using Enclave.Cluster.Tests.Servers;
using Enclave.Cluster.Tests.Sessions;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Chaos;

/// <summary>
/// Checks that the repaired cluster is complete: as many sessions run at once as there are slots, from any broker. A lost slot would be missing.
/// </summary>
internal static class Recovery
{
    /// <summary>The prefix of its sessions' names.</summary>
    public const string Prefix = "s_whole";

    public static async Task CheckAsync(ClusterProcess cluster, int slots)
    {
        using var brokers = new Brokers(cluster);
        string[] tenants = [.. cluster.Tokens.Keys];
        foreach (BrokerAddress broker in cluster.Brokers) await Within.Becomes(() => IsHealthy(brokers, broker, tenants[0]), $"{broker.Name} was well again");
        (string Id, string Tenant, EventLines Lines, string Call)[] open = await Task.WhenAll(Enumerable.Range(0, slots).Select(Open));
        // No call is answered before all sessions have made theirs.
        foreach ((string id, string tenant, EventLines lines, string call) in open)
        {
            using HttpResponseMessage answer = await brokers.SendAsync(brokers.At(open.Length - 1),
                tenant, HttpMethod.Post, $"/sessions/{id}/tool-result", $$"""{"callId":"{{call}}","result":1}""", null, CancellationToken.None);
            await lines.UntilAsync("final");
            lines.Dispose();
        }

        async Task<(string Id, string Tenant, EventLines Lines, string Call)> Open(int n)
        {
            string id = $"{Prefix}{n}", tenant = tenants[n % tenants.Length];
            string body = JsonSerializer.Serialize(
                new { code = $"return await callTool('{ClusterProcess.Tool}', {{ step: 1 }})", sessionId = id, tools = new[] { ClusterProcess.Tool } });
            EventLines lines = await EventLines.OfAsync(
                await brokers.SendAsync(brokers.At(n), tenant, HttpMethod.Post, "/sessions", body, null, CancellationToken.None));
            return (id, tenant, lines, await lines.UntilAsync("tool_call"));
        }
    }

    private static bool IsHealthy(Brokers brokers, BrokerAddress broker, string tenant)
    {
        try
        {
            using HttpResponseMessage health = brokers.SendAsync(broker, tenant, HttpMethod.Get, "/health", null, null, CancellationToken.None)
                .GetAwaiter().GetResult();
            return health.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
