using Enclave.Broker.Sessions;
using Enclave.Broker.Tools;
using Enclave.OpenApi;
using Enclave.Streaming;

namespace Enclave.Broker.Lifecycle;

/// <summary>Notifies running sessions when the tools of a service change. Only sessions that may call those tools are notified.</summary>
internal sealed class ToolCatalogueMonitor : IDisposable
{
    private readonly ToolCatalogue _catalogue;
    private readonly SessionDirectory _sessions;
    private readonly (OpenApiService Service, Action<IReadOnlyList<ToolDefinition>> Tell)[] _watched;

    public ToolCatalogueMonitor(EnclaveOptions options, ToolCatalogue catalogue, SessionDirectory sessions)
    {
        (_catalogue, _sessions) = (catalogue, sessions);
        _watched =
        [
            .. options.Tools.OpenApiServices()
                .Select((service) => (service, (Action<IReadOnlyList<ToolDefinition>>)((before) => Tell(before, service.Tools)))),
        ];
        foreach ((OpenApiService service, Action<IReadOnlyList<ToolDefinition>> tell) in _watched) service.Changed += tell;
    }

    public void Dispose()
    {
        foreach ((OpenApiService service, Action<IReadOnlyList<ToolDefinition>> tell) in _watched) service.Changed -= tell;
    }

    private void Tell(IReadOnlyList<ToolDefinition> before, IReadOnlyList<ToolDefinition> after)
    {
        foreach (IGrouping<string?, BrokerSession> tenant in _sessions.Running().GroupBy((session) => session.Caller.Tenant, StringComparer.Ordinal))
        {
            Dictionary<string, ToolDefinition> had = Open(before, tenant.Key), has = Open(after, tenant.Key);
            if (had.Count == has.Count && has.All((tool) => had.GetValueOrDefault(tool.Key) == tool.Value)) continue;
            var change = new CatalogChanged(_catalogue.Version(tenant.Key), [.. has.Keys.Except(had.Keys)], [.. had.Keys.Except(has.Keys)]);
            foreach (BrokerSession session in tenant) session.Add(change);
        }
    }

    private static Dictionary<string, ToolDefinition> Open(IReadOnlyList<ToolDefinition> tools, string? tenant) =>
        tools.Where((tool) => tool.IsOpenTo(tenant)).ToDictionary((tool) => tool.Name, StringComparer.Ordinal);
}
