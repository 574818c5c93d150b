using System.Security.Cryptography;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Cluster.Live;
using Enclave.Cluster.Servers;
using Enclave.Cluster.Web;

namespace Enclave.Cluster;

/// <summary>Runs a cluster until a signal or a key ends it.</summary>
internal sealed class ClusterRun(Terminal terminal)
{
    /// <exception cref="IOException">A server is not installed, or a port is in use.</exception>
    public async Task<int> RunAsync(ClusterRequest request, CancellationToken signal)
    {
        InstalledServers installed = InstalledServers.Find(request);
        IClusterView view = request.Json
            ? new JsonView(terminal.Output)
            : terminal.Output.IsTerminal ? new LiveView(terminal.Output, request.Level) : new TextView(terminal.Output);
        var folder = ClusterFolder.Create();
        await using (folder.ConfigureAwait(false))
        {
            var parts = new ClusterParts(
                installed, folder, request, (part) => view.Tell(new ClusterEvent("part", part.ToJson(), $"{part.Name} is {Part.Word(part.State)}")));
            await using (parts.ConfigureAwait(false))
            {
                try
                {
                    await parts.StartAsync(signal).ConfigureAwait(false);
                    await ServeAsync(request, parts, view, signal).ConfigureAwait(false);
                }
                catch (PartException fault)
                {
                    terminal.Fail(fault.Message);
                    return ExitCode.HostFailed;
                }
                catch (OperationCanceledException) when (signal.IsCancellationRequested)
                {
                    // The normal end.
                }
            }
        }

        view.End();
        return ExitCode.Success;
    }

    private static async Task ServeAsync(ClusterRequest request, ClusterParts parts, IClusterView view, CancellationToken signal)
    {
        string token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var faults = new FaultInjector(parts, view.Tell);
        var watch = new HealthMonitor(parts.All, parts.Probe);
        await using (watch.ConfigureAwait(false))
        {
            FrontProxy proxy = await FrontProxy.StartAsync(request.Port, parts.All.Where((part) => part.Kind == PartKind.Broker), signal).ConfigureAwait(false);
            await using (proxy.ConfigureAwait(false))
            {
                ControlServer control = await ControlServer.StartAsync(faults, token, signal).ConfigureAwait(false);
                await using (control.ConfigureAwait(false))
                    await view.WatchAsync(new ClusterEndpoints(proxy.Address, control.Address, token, parts, faults), signal).ConfigureAwait(false);
            }
        }
    }
}
