using System.Collections.Concurrent;
using Enclave.Broker;
using Enclave.Broker.Fleet;
using Enclave.Broker.Stats;
using Enclave.Models;
using Microsoft.Extensions.Options;

namespace Enclave.Cli.Serve;

/// <summary>Describes the broker's tools at the level of its runtimes. They report it; if they differ, the strictest one counts.</summary>
internal sealed class RuntimeCatalogue(IRuntimeInventory runtimes, IOptions<EnclaveOptions> options, IOptions<BrokerOptions> broker)
{
    private readonly ConcurrentDictionary<SecurityLevel, RemoteCatalogue> _byLevel = new();

    public async ValueTask<RemoteCatalogue> GetAsync(CancellationToken cancellationToken)
    {
        SecurityLevel? level = null;
        foreach (RuntimeStats runtime in await runtimes.InspectAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Level(runtime.Level) is { } reported && (level is null || reported < level)) level = reported;
        }

        return _byLevel.GetOrAdd(level ?? options.Value.SecurityLevel, (known) => new RemoteCatalogue(options.Value, known));
    }

    /// <summary>The options of a run, with the limits that a session has at this broker.</summary>
    public RunOptions Limited(RunOptions? run) =>
        (run ?? new RunOptions()) with { Timeout = broker.Value.SessionTtl, MaxToolCalls = broker.Value.MaxToolCalls };

    /// <summary>The level of a name that a runtime sent; null if it is not one.</summary>
    private static SecurityLevel? Level(string? name)
    {
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
        {
            if (level.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)) return level;
        }

        return null;
    }
}
