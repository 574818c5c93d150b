using Enclave.Models;
using Enclave.Testing;

namespace Enclave.Host.Tests.Models;

/// <summary>Answers that wait for their models: bounded in bytes and time.</summary>
public sealed class KeptAnswersTests
{
    private readonly ManualClock _clock = new();
    private readonly List<string> _gone = [];

    [Fact]
    public void An_old_one_goes_by_itself()
    {
        var answers = new KeptAnswers(100_000);
        Keep(answers, "t", "old", 10);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Keep(answers, "t", "fresh", 10);

        _clock.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal(["old"], _gone);
    }

    [Fact]
    public void One_that_was_fetched_has_no_bytes_and_no_time()
    {
        var answers = new KeptAnswers(100_000);
        for (int i = 0; i < 10; i++) Keep(answers, "t", "fetched", 60_000).Dispose();
        Keep(answers, "t", "waits", 60_000);

        Assert.Empty(_gone);
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(["waits"], _gone);
    }

    [Fact]
    public void The_tenant_with_the_most_loses_its_oldest()
    {
        var answers = new KeptAnswers(100_000);
        Keep(answers, "small", "s", 20_000);
        Keep(answers, "large", "l1", 30_000);
        Keep(answers, "large", "l2", 30_000);
        Keep(answers, "small", "s2", 20_000);
        Assert.Equal(["l1"], _gone);

        Keep(answers, "huge", "h", 200_000);
        Assert.Equal(["l1", "h"], _gone);
    }

    private IDisposable Keep(KeptAnswers answers, string tenant, string name, long bytes) => answers.Keep(tenant, bytes, _clock, () => _gone.Add(name));
}
