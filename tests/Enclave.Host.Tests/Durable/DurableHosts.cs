using System.Collections.Concurrent;

namespace Enclave.Host.Tests.Durable;

/// <summary>Hosts that share a store of durable runs, with a ledger of what their tools did.</summary>
public abstract class DurableHosts : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _ledger = new();
    private readonly List<EnclaveHost> _hosts = [];

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The calls of tools so far.</summary>
    private protected IEnumerable<string> Ledger => _ledger;

    private protected void Note(string call) => _ledger.Enqueue(call);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (EnclaveHost host in _hosts) await host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The store as one host sees it.</summary>
    private protected abstract RunStore Store { get; }

    /// <summary>The operator's keys.</summary>
    private protected virtual IReadOnlyList<byte[]> Keys => [];

    private protected static RunOptions Named(string name) => new() { Durable = name };

    private protected EnclaveHost Host(bool wakes = false, Action<ToolCollection>? add = null, Action<EnclaveOptions>? options = null)
    {
        var given = new EnclaveOptions
        {
            WorkerPool = new WorkerPoolOptions { MinWorkers = 1, MaxWorkers = 2, GracefulShutdownTimeout = TimeSpan.FromMilliseconds(100) },
            Durable = new DurableOptions { Store = Store, Keys = Keys, Grace = TimeSpan.FromMilliseconds(20), Wakes = wakes },
        };
        given.Tools.Add("note", (NoteArgs args, ToolContext context, CancellationToken token) =>
        {
            Note(args.Text);
            return Task.FromResult($"note {args.Text}");
        });
        add?.Invoke(given.Tools);
        options?.Invoke(given);
        var host = new EnclaveHost(given);
        _hosts.Add(host);
        return host;
    }

    private protected sealed record NoteArgs(string Text);

    private protected sealed record ShipArgs(int Id);
}
