using Enclave.Testing;
using Enclave.Tests;
using Enclave.Tools;

namespace Enclave.Host.Tests.Tools;

/// <summary>The sliding window of calls, compared with a model that remembers everything.</summary>
public sealed class RateWindowTests
{
    private readonly ManualClock _time = new();

    [Fact]
    public void It_decides_as_one_that_remembers_every_call()
    {
        var random = new Random(20266);
        for (int round = 0; round < TestSize.Of(200, 5_000); round++)
        {
            var limit = new ToolRateLimit(random.Next(1, 6), TimeSpan.FromMilliseconds(random.Next(1, 50)));
            var window = new RateWindow(limit, _time);
            var all = new List<(string Tenant, TimeSpan At)>();
            TimeSpan now = TimeSpan.Zero;
            for (int call = 0; call < 60; call++)
            {
                string tenant = $"t{random.Next(3)}";
                TimeSpan[] recent = [.. all.Where((made) => made.Tenant == tenant && now - made.At < limit.Window).Select((made) => made.At)];
                bool expected = recent.Length < limit.Calls;

                Assert.True(expected == window.TryTake(tenant, out TimeSpan wait), $"round {round}, call {call}");
                Assert.Equal(expected ? TimeSpan.Zero : limit.Window - (now - recent[0]), wait);

                if (expected) all.Add((tenant, now));
                var step = TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(40) : 0);
                now += step;
                _time.Advance(step);
            }
        }
    }

    [Fact]
    public void Tenants_that_have_left_the_window_are_forgotten()
    {
        var window = new RateWindow(new ToolRateLimit(1, TimeSpan.FromSeconds(1)), _time);
        for (int i = 0; i < 100_000; i++)
        {
            Assert.True(window.TryTake($"t{i}", out _));
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        // A hundred are in the window. Up to twice as many wait for the next sweep.
        Assert.InRange(window.Tenants, 1, 210);
    }
}
