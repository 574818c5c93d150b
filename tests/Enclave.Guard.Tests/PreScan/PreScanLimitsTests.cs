using System.Reflection;
using Enclave.Guard.Options;
using Enclave.Guard.PreScan;

namespace Enclave.Guard.Tests.PreScan;

public sealed class PreScanLimitsTests
{
    public static TheoryData<string, int[]> Columns => new()
    {
        { nameof(PreScanLimits.AgentScript), [102_400, 2_000, 1_000, 20, 5, 0, 0, 10_240, 102_400] },
        { nameof(PreScanLimits.Strict), [512_000, 5_000, 2_000, 30, 10, 100, 10, 51_200, 512_000] },
        { nameof(PreScanLimits.Secure), [1_048_576, 8_000, 5_000, 40, 15, 200, 20, 102_400, 1_048_576] },
        { nameof(PreScanLimits.Standard), [5_242_880, 10_000, 10_000, 50, 20, 500, 30, 512_000, 5_242_880] },
        { nameof(PreScanLimits.Permissive), [10_485_760, 50_000, 100_000, 100, 50, 1_000, 50, 1_048_576, 10_485_760] },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void The_columns_are_the_documented_ones(string column, int[] expected)
    {
        var limits = (PreScanLimits)typeof(PreScanLimits).GetProperty(column)!.GetValue(null)!;
        Assert.Equal(expected, Numbers(limits));
    }

    [Fact]
    public void No_configuration_lifts_a_cap()
    {
        PreScanLimits limits = new()
        {
            InputBytes = int.MaxValue,
            LineLength = int.MaxValue,
            Lines = int.MaxValue,
            BracketDepth = int.MaxValue,
            ConsecutiveOperators = int.MaxValue,
            RegexLength = int.MaxValue,
            RegexCount = int.MaxValue,
            StringLength = int.MaxValue,
            StringTotal = int.MaxValue,
        };
        Assert.Equal([104_857_600, 100_000, 1_000_000, 200, 100, 1_000, 50, 5_242_880, 52_428_800], Numbers(limits));
        Assert.Equal(1, (PreScanLimits.Standard with { BracketDepth = -5 }).BracketDepth);
    }

    [Fact]
    public void Each_level_has_its_column_and_its_checks()
    {
        Assert.Same(PreScanLimits.Strict, PreScanLimits.For(GuardLevel.Strict));
        Assert.Same(PreScanLimits.Secure, PreScanLimits.For(GuardLevel.Secure));
        Assert.Same(PreScanLimits.Standard, PreScanLimits.For(GuardLevel.Standard));
        Assert.Same(PreScanLimits.Permissive, PreScanLimits.For(GuardLevel.Permissive));
        Assert.Equal("On On On", Checks(PreScanLimits.AgentScript));
        Assert.Equal("On On On", Checks(PreScanLimits.Strict));
        Assert.Equal("On On Off", Checks(PreScanLimits.Secure));
        Assert.Equal("On Off Off", Checks(PreScanLimits.Standard));
        Assert.Equal("Off Off Off", Checks(PreScanLimits.Permissive));
        Assert.Equal(RegexMode.Block, PreScanLimits.Strict.WithoutRegexes().RegexMode);
        Assert.Equal(RedosLevel.Polynomial, PreScanLimits.Standard.RedosLevel);
    }

    private static string Checks(PreScanLimits limits) => $"{limits.Homographs} {limits.Bidi} {limits.Invisible}";

    private static int[] Numbers(PreScanLimits limits) =>
    [
        .. typeof(PreScanLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where((property) => property.PropertyType == typeof(int))
            .Select((property) => (int)property.GetValue(limits)!),
    ];
}
