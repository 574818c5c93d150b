using Enclave.Cli.Terminals;

namespace Enclave.Cluster.Live;

/// <summary>Prints one line per event.</summary>
internal sealed class TextView(Channel output) : IClusterView
{
    public void Tell(ClusterEvent happened) => output.WriteLine(happened.Text);

    public Task WatchAsync(ClusterEndpoints endpoints, CancellationToken signal)
    {
        foreach (string line in Addresses(endpoints)) output.WriteLine(line);
        foreach ((string owner, string token) in endpoints.Parts.Tokens) output.WriteLine($"{owner}  {token}");
        output.WriteLine("ready; Ctrl-C ends all");
        return Task.Delay(Timeout.Infinite, signal);
    }

    public void End() => output.WriteLine("ended");

    public static string[] Addresses(ClusterEndpoints endpoints) =>
    [
        $"proxy    {ClusterEndpoints.Origin(endpoints.Proxy)}",
        $"control  {ClusterEndpoints.Origin(endpoints.Control)}  token {endpoints.Token}",
    ];
}
