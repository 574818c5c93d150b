using Enclave.Limits;
using Enclave.Testing;

namespace Enclave.Host.Tests.Limits;

/// <summary>The requests of each client in a sliding minute, however many clients there are.</summary>
public sealed class RequestRateLimiterTests
{
    private const int PerMinute = 3;
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_client_gets_its_requests_again_as_the_window_slides()
    {
        var limiter = new RequestRateLimiter(PerMinute, _clock);
        Assert.Equal(PerMinute, Taken(limiter, "a"));
        Assert.False(limiter.TryTake("a", out TimeSpan wait));
        Assert.InRange(wait, TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
        Assert.Equal(PerMinute, Taken(limiter, "b"));

        _clock.Advance(TimeSpan.FromSeconds(90));
        // Half of the minute before still counts.
        Assert.Equal(2, Taken(limiter, "a"));
        Assert.False(limiter.TryTake("a", out wait));
        _clock.Advance(wait);
        Assert.Equal(1, Taken(limiter, "a"));

        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(PerMinute, Taken(limiter, "a"));
    }

    [Fact]
    public void A_flood_of_new_names_gains_nothing_and_costs_the_known_ones_nothing()
    {
        var limiter = new RequestRateLimiter(PerMinute, _clock);
        Assert.Equal(2, Enumerable.Range(0, 2).Count((_) => limiter.TryTake("known", out TimeSpan _)));
        for (int i = 1; i < RequestRateLimiter.MaxClients; i++) Assert.True(limiter.TryTake($"flood {i}", out _));

        Assert.Equal(PerMinute, Enumerable.Range(0, 1_000).Count((i) => limiter.TryTake($"beyond {i}", out TimeSpan _)));
        Assert.Equal(1, Taken(limiter, "known"));

        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(PerMinute * 100, Enumerable.Range(0, 100).Sum((i) => Taken(limiter, $"later {i}")));
    }

    private static int Taken(RequestRateLimiter limiter, string client) =>
        Enumerable.Range(0, PerMinute * 2).Count((_) => limiter.TryTake(client, out TimeSpan _));
}
