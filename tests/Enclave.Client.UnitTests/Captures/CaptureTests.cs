namespace Enclave.Client.UnitTests;

/// <summary>Our client against all recorded responses of upstream's broker, its demonstration and a scripted server.</summary>
public sealed class CaptureTests
{
    private const string Absent = "none";

    public static TheoryData<string> Names => [.. CaptureFile.Names().DefaultIfEmpty(Absent)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Our_client_ends_where_upstream_s_did_or_the_difference_has_a_reason(string name)
    {
        Assert.SkipWhen(name == Absent, $"{CaptureFile.Folder} is not here");

        (IReadOnlyList<string> ours, IReadOnlyList<string> upstream) = await new CaptureRun(CaptureFile.Load(name)).RunAsync();

        List<string> expected = [.. upstream];
        foreach (Deviation deviation in Deviations.All.GetValueOrDefault(name, [])) Apply(deviation, expected);
        // Equal would show a part of the difference instead of the lines.
        Assert.True(expected.SequenceEqual(ours), $"expected\n{string.Join('\n', expected)}\nours\n{string.Join('\n', ours)}");
    }

    [Fact]
    public void Deviations_are_of_recordings_that_are()
    {
        Assert.SkipWhen(!CaptureFile.Names().Any(), $"{CaptureFile.Folder} is not here");

        Assert.Empty(Deviations.All.Keys.Except(CaptureFile.Names()));
    }

    private static void Apply(Deviation deviation, List<string> lines)
    {
        Assert.NotEqual(deviation.Upstream, deviation.Ours);
        int at = deviation.Upstream is null ? lines.Count : lines.IndexOf(deviation.Upstream);
        Assert.True(at >= 0, $"upstream has no such line: {deviation.Upstream}\nbut {string.Join('\n', lines)}");
        if (deviation.Upstream is not null) lines.RemoveAt(at);
        if (deviation.Ours is not null) lines.Insert(at, deviation.Ours);
    }
}
