using System.Reflection;
using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Presets;

namespace Enclave.Guard.Tests.PreScan;

public sealed class PreScanLimitsTests
{
    public static TheoryData<string, int[]> Columns => new()
    {
        { nameof(GuardLevel.Strict), [512_000, 5_000, 2_000, 30, 10, 100, 10, 51_200, 512_000] },
        { nameof(GuardLevel.Secure), [1_048_576, 8_000, 5_000, 40, 15, 200, 20, 102_400, 1_048_576] },
        { nameof(GuardLevel.Standard), [5_242_880, 10_000, 10_000, 50, 20, 500, 30, 512_000, 5_242_880] },
        { nameof(GuardLevel.Permissive), [10_485_760, 50_000, 100_000, 100, 50, 1_000, 50, 1_048_576, 10_485_760] },
    };

    [Theory]
    [MemberData(nameof(Columns))]
    public void The_columns_are_the_documented_ones(string column, int[] expected)
    {
        PreScanLimits limits = ScanColumns.Of(column);
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
        Assert.Equal(1, (ScanColumns.Standard with { BracketDepth = -5 }).BracketDepth);
    }

    [Fact]
    public void Each_level_has_its_column_and_its_checks()
    {
        Assert.All(Enum.GetValues<GuardLevel>(), (level) => Assert.Equal(level, GuardLevelTable.Of(level).Level));
        Assert.Equal("On On On", Checks(ScanColumns.Strict));
        Assert.Equal("On On Off", Checks(ScanColumns.Secure));
        Assert.Equal("On Off Off", Checks(ScanColumns.Standard));
        Assert.Equal("Off Off Off", Checks(ScanColumns.Permissive));
        Assert.Equal(RegexMode.Block, ScanColumns.Strict.WithoutRegexes().RegexMode);
        Assert.Equal(RedosScope.Polynomial, ScanColumns.Standard.RedosScope);
    }

    private static string Checks(PreScanLimits limits) => $"{limits.Homographs} {limits.Bidi} {limits.Invisible}";

    private static int[] Numbers(PreScanLimits limits) =>
    [
        .. typeof(PreScanLimits).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where((property) => property.PropertyType == typeof(int))
            .Select((property) => (int)property.GetValue(limits)!),
    ];
}
