using System.Globalization;
using System.Reflection;

namespace Enclave.Host.Tests.Limits;

public sealed class LimitOptionsTests
{
    private const int Cases = 20_000;

    /// <summary>Found by reflection, so that a limit that <c>Over</c> or <c>Within</c> forgets fails here.</summary>
    private static readonly PropertyInfo[] s_limits =
    [
        .. typeof(LimitOptions).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where((member) => member.CanWrite),
    ];

    [Fact]
    public void A_limit_that_is_not_set_is_the_first_of_the_defaults_that_is()
    {
        foreach ((LimitOptions own, LimitOptions host, LimitOptions level) in Many())
        {
            LimitOptions all = own.Over(host).Over(level);

            Assert.Equal(all, own.Over(host.Over(level)));
            Assert.Equal(all, all.Over(level).Over(host));
            Assert.All(s_limits, (limit) => Assert.Equal(limit.GetValue(own) ?? limit.GetValue(host) ?? limit.GetValue(level), limit.GetValue(all)));
        }
    }

    [Fact]
    public void No_limit_is_above_a_ceiling_and_none_is_lowered_further()
    {
        foreach ((LimitOptions own, LimitOptions one, LimitOptions other) in Many())
        {
            LimitOptions lowered = own.Within(one).Within(other);

            Assert.Equal(lowered, own.Within(other).Within(one));
            Assert.Equal(lowered, lowered.Within(one).Within(other));
            Assert.All(s_limits, (limit) =>
            {
                object?[] set = [.. new[] { own, one, other }.Select(limit.GetValue).Where((value) => value is not null)];
                Assert.Equal(limit.GetValue(own) is null ? null : set.Min(), limit.GetValue(lowered));
            });
        }
    }

    [Fact]
    public void Defaults_within_a_ceiling_are_the_same_before_and_after()
    {
        foreach ((LimitOptions own, LimitOptions defaults, LimitOptions ceiling) in Many())
            Assert.Equal(own.Over(defaults).Within(ceiling), own.Within(ceiling).Over(defaults.Within(ceiling)));
    }

    [Fact]
    public void Everything_else_of_the_options_stays()
    {
        var run = new RunOptions { RunId = "r", MaxToolCalls = 5 };

        LimitOptions limited = run.Over(new LimitOptions { MaxIterations = 7 }).Within(new LimitOptions { MaxToolCalls = 3 });

        Assert.Equal(run with { MaxIterations = 7, MaxToolCalls = 3 }, limited);
    }

    /// <summary>Three sets of limits with few different numbers, so that they are often equal and often not set.</summary>
    private static IEnumerable<(LimitOptions First, LimitOptions Second, LimitOptions Third)> Many()
    {
        var random = new Random(11);
        for (int i = 0; i < Cases; i++) yield return (Next(random), Next(random), Next(random));
    }

    private static LimitOptions Next(Random random)
    {
        var limits = new LimitOptions();
        foreach (PropertyInfo limit in s_limits)
        {
            int number = random.Next(5);
            if (number > 0) limit.SetValue(limits, Of(Nullable.GetUnderlyingType(limit.PropertyType)!, number));
        }

        return limits;
    }

    private static object Of(Type type, int number) =>
        type == typeof(TimeSpan) ? TimeSpan.FromSeconds(number) : Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
}
