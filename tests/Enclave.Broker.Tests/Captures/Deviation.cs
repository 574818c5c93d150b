namespace Enclave.Broker.Tests.Captures;

/// <summary>An intended difference from a recording.</summary>
/// <param name="Scenario">The recording.</param>
/// <param name="Request">The number of the request in it, from 1.</param>
/// <param name="Recorded">Consecutive lines of its response.</param>
/// <param name="Ours">Our lines in their place.</param>
/// <param name="Reason">The reason, with the section of the wire's description.</param>
internal sealed record Deviation(string Scenario, int Request, string[] Recorded, string[] Ours, string Reason)
{
    /// <summary>Replaces the recorded lines by ours.</summary>
    public void Apply(List<string> lines)
    {
        Assert.NotEqual(Recorded, Ours);
        int at = Enumerable.Range(0, lines.Count).FirstOrDefault((i) => lines.Skip(i).Take(Recorded.Length).SequenceEqual(Recorded), -1);
        Assert.True(at >= 0 && Recorded.Length > 0,
            $"{Scenario}, request {Request}: these lines are not in the recording: {string.Join(" | ", Recorded)}; it has {string.Join(" | ", lines)}");
        lines.RemoveRange(at, Recorded.Length);
        lines.InsertRange(at, Ours);
    }
}
