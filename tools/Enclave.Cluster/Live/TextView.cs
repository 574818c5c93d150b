using Enclave.Cli.Terminals;

namespace Enclave.Cluster.Live;

/// <summary>A line for each thing that happens.</summary>
internal sealed class TextView(Channel output) : IClusterView
{
    public void Tell(ClusterEvent happened) => output.WriteLine(happened.Text);

    public Task WatchAsync(ClusterFace face, CancellationToken signal)
    {
        foreach (string line in Addresses(face)) output.WriteLine(line);
        foreach ((string owner, string token) in face.Parts.Tokens) output.WriteLine($"{owner}  {token}");
        output.WriteLine("ready; Ctrl-C ends all");
        return Task.Delay(Timeout.Infinite, signal);
    }

    public void End() => output.WriteLine("ended");

    public static string[] Addresses(ClusterFace face) =>
    [
        $"proxy    {ClusterFace.Origin(face.Proxy)}",
        $"control  {ClusterFace.Origin(face.Control)}  token {face.Token}",
    ];
}
