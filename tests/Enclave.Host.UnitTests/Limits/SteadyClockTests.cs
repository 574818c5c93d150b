using Enclave.Limits;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Host.Tests.Limits;

/// <summary>A step of the wall clock is not time that passed.</summary>
public sealed class SteadyClockTests
{
    private readonly ManualClock _time = new();
    private readonly SteppedWall _wall;
    private readonly SteadyClock _steady;
    private readonly DateTimeOffset _start;

    public SteadyClockTests()
    {
        _wall = new SteppedWall(_time);
        _steady = new SteadyClock(_wall);
        _start = _wall.GetUtcNow();
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(0.05)]
    [InlineData(60 * 24 * 400)]
    public void A_step_changes_nothing_for_an_hour(double minutes)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        _wall.Step(TimeSpan.FromMinutes(minutes));

        Assert.Equal(_start.AddMinutes(1), _steady.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(_start.AddHours(1), _steady.GetUtcNow());

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_wall.GetUtcNow(), _steady.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_wall.GetUtcNow(), _steady.GetUtcNow());
    }

    [Fact]
    public void A_step_that_is_taken_back_is_never_followed()
    {
        _wall.Step(TimeSpan.FromHours(1));
        Assert.Equal(_start, _steady.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(_start.AddMinutes(50), _steady.GetUtcNow());
        _wall.Step(-TimeSpan.FromHours(1));
        Assert.Equal(_start.AddMinutes(50), _steady.GetUtcNow());

        _wall.Step(TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(_start.AddMinutes(70), _steady.GetUtcNow());
    }

    [Fact]
    public void Another_step_stands_an_hour_of_its_own()
    {
        _wall.Step(TimeSpan.FromHours(1));
        Assert.Equal(_start, _steady.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(50));
        _wall.Step(TimeSpan.FromHours(1));
        Assert.Equal(_start.AddMinutes(50), _steady.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(_start.AddMinutes(100), _steady.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(_wall.GetUtcNow(), _steady.GetUtcNow());
    }

    [Fact]
    public void A_small_difference_is_followed_at_once()
    {
        _wall.Step(TimeSpan.FromSeconds(1));
        Assert.Equal(_start.AddSeconds(1), _steady.GetUtcNow());
        _wall.Step(-TimeSpan.FromSeconds(2));
        Assert.Equal(_start.AddSeconds(-1), _steady.GetUtcNow());
    }

    [Fact]
    public async Task Kept_references_neither_expire_nor_stay_because_of_a_step()
    {
        var store = new MemoryReferenceStore(timeProvider: _wall);
        await store.SetAsync("a", new byte[1], TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);

        _wall.Step(TimeSpan.FromHours(1));
        Assert.Equal(1, store.Count);
        _wall.Step(-TimeSpan.FromHours(2));
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(0, store.Count);
    }
}
