namespace Enclave.Broker.Tests.Captures;

/// <summary>What differs from a recording, on purpose.</summary>
/// <param name="Scenario">The recording.</param>
/// <param name="Request">The number of the request in it, from 1.</param>
/// <param name="Recorded">Lines of its answer that follow one another.</param>
/// <param name="Ours">What ours has in their place.</param>
/// <param name="Reason">Why, with the section of the description of the wire.</param>
internal sealed record Deviation(string Scenario, int Request, string[] Recorded, string[] Ours, string Reason)
{
    /// <summary>Puts ours in the place of what was recorded.</summary>
    public void Apply(List<string> lines)
    {
        Assert.NotEqual(Recorded, Ours);
        int at = Enumerable.Range(0, lines.Count).FirstOrDefault((i) => lines.Skip(i).Take(Recorded.Length).SequenceEqual(Recorded), -1);
        Assert.True(at >= 0 && Recorded.Length > 0, $"{Scenario}, request {Request}: these lines are not in the recording: {string.Join(" | ", Recorded)}; it has {string.Join(" | ", lines)}");
        lines.RemoveRange(at, Recorded.Length);
        lines.InsertRange(at, Ours);
    }
}
