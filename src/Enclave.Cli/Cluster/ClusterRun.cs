using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Enclave.Cli.Cluster.Servers;
using Enclave.Cli.Cluster.Web;
using Enclave.Cli.Terminals;

namespace Enclave.Cli.Cluster;

/// <summary>Runs a cluster until a signal ends it.</summary>
internal sealed class ClusterRun(Terminal terminal)
{
    private readonly ClusterEvents _events = new(terminal.Output);
    private bool _announced;

    /// <exception cref="IOException">A server is not installed, or does not start.</exception>
    public async Task<int> RunAsync(ClusterRequest request, CancellationToken signal)
    {
        InstalledServers installed = InstalledServers.Find();
        var folder = ClusterFolder.Create();
        await using (folder.ConfigureAwait(false))
        {
            var parts = new ClusterParts(installed, folder, request, (part) => Tell(request, "part", part.ToJson()));
            await using (parts.ConfigureAwait(false))
            {
                try
                {
                    await parts.StartAsync(signal).ConfigureAwait(false);
                    await ServeAsync(request, parts, signal).ConfigureAwait(false);
                }
                catch (PartException fault)
                {
                    terminal.Fail(fault.Message);
                    return ExitCode.HostFailed;
                }
                catch (OperationCanceledException) when (signal.IsCancellationRequested)
                {
                    // It was ended before it was ready.
                }
            }
        }

        Tell(request, "end", []);
        return ExitCode.Success;
    }

    private async Task ServeAsync(ClusterRequest request, ClusterParts parts, CancellationToken signal)
    {
        string token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var watch = new HealthWatch(parts.All, parts.Probe);
        await using (watch.ConfigureAwait(false))
        {
            FrontProxy proxy = await FrontProxy.StartAsync(request.Port, parts.All.Where((part) => part.Kind == PartKind.Broker), signal).ConfigureAwait(false);
            await using (proxy.ConfigureAwait(false))
            {
                ControlServer control = await ControlServer.StartAsync(new FaultDesk(parts.All, parts.Links, _events), token, signal).ConfigureAwait(false);
                await using (control.ConfigureAwait(false))
                {
                    Announce(request, parts, proxy, control, token);
                    await Task.Delay(Timeout.Infinite, signal).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }

    private void Announce(ClusterRequest request, ClusterParts parts, FrontProxy proxy, ControlServer control, string token)
    {
        if (!request.Json)
        {
            terminal.Output.WriteLine($"proxy on {Origin(proxy.Address)}; control on {Origin(control.Address)} with the token {token}; Ctrl-C ends all");
            foreach ((string owner, string secret) in parts.Tokens) terminal.Output.WriteLine($"{owner} {secret}");
            return;
        }

        Volatile.Write(ref _announced, true);
        var tokens = new JsonObject();
        foreach ((string owner, string secret) in parts.Tokens) tokens[owner] = secret;
        Tell(request, "ready", new JsonObject
        {
            ["proxy"] = Origin(proxy.Address),
            ["control"] = Origin(control.Address),
            ["controlToken"] = token,
            ["store"] = new JsonObject { ["owner"] = parts.Store.Connection(Postgres.Owner), ["broker"] = parts.Store.Connection(Postgres.Broker) },
            ["queue"] = parts.Queue.OriginalString,
            ["tokens"] = tokens,
            ["parts"] = new JsonArray([.. parts.All.Select((part) => part.ToJson())]),
        });
    }

    private void Tell(ClusterRequest request, string kind, JsonObject members)
    {
        // What comes before everything is ready is told by what is then there.
        if (request.Json && Volatile.Read(ref _announced)) _events.Tell(kind, members);
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
