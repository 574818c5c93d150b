using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Presets;

namespace Enclave.Guard.Tests.PreScan;

/// <summary>The limits of the levels, and smaller ones than any level has: the documented product's column of this name.</summary>
internal static class ScanColumns
{
    public static PreScanLimits AgentScript { get; } = new()
    {
        InputBytes = 102_400,
        LineLength = 2_000,
        Lines = 1_000,
        BracketDepth = 20,
        ConsecutiveOperators = 5,
        RegexMode = RegexMode.Block,
        RegexLength = 0,
        RegexCount = 0,
        RedosScope = RedosScope.Catastrophic,
        StringLength = 10_240,
        StringTotal = 102_400,
        Bidi = TextCheck.On,
        Invisible = TextCheck.On,
    };

    public static PreScanLimits Strict => GuardLevelTable.Strict.PreScan;

    public static PreScanLimits Secure => GuardLevelTable.Secure.PreScan;

    public static PreScanLimits Standard => GuardLevelTable.Standard.PreScan;

    public static PreScanLimits Permissive => GuardLevelTable.Permissive.PreScan;

    public static PreScanLimits Of(string name) => name == nameof(AgentScript) ? AgentScript : GuardLevelTable.Of(Enum.Parse<GuardLevel>(name)).PreScan;
}
