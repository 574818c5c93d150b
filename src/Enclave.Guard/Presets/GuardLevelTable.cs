using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Rules;
using Enclave.Guard.Transforms;

namespace Enclave.Guard.Presets;

/// <summary>
/// The guard's only table of the security levels. The host's table (<c>LevelTable</c>) has everything else about a level and names the row here.
/// </summary>
/// <remarks>The limits of the pre-scan are those of the JavaScript product's columns with these names.</remarks>
internal static class GuardLevelTable
{
    private const int Kilo = 1024, Mega = 1024 * 1024;

    private static readonly ImmutableArray<string> s_every =
        [.. PresetNames.EveryLevel, .. PresetNames.FromSecure, .. PresetNames.FromStandard, .. PresetNames.FromPermissive];

    /// <summary>The engine has no weak references at STRICT and SECURE.</summary>
    private static readonly ImmutableArray<string> s_hardenedEngine = [.. s_every.Except(["WeakRef", "FinalizationRegistry"]), .. PresetNames.JavaScriptOnly];

    private static readonly ImmutableArray<string> s_engine = [.. s_every, .. PresetNames.JavaScriptOnly, "Atomics"];

    public static GuardLevelRow Strict { get; } = new()
    {
        Level = GuardLevel.Strict,
        PreScan = new PreScanLimits
        {
            InputBytes = 500 * Kilo,
            LineLength = 5_000,
            Lines = 2_000,
            BracketDepth = 30,
            ConsecutiveOperators = 10,
            RegexLength = 100,
            RegexCount = 10,
            RedosScope = RedosScope.Catastrophic,
            StringLength = 50 * Kilo,
            StringTotal = 500 * Kilo,
            Bidi = TextCheck.On,
            Invisible = TextCheck.On,
        },
        CpuTime = TimeSpan.FromSeconds(0.5),
        CpuMicrosecondsPerUnit = 2,
        Globals = PresetNames.EveryLevel,
        JavaScriptGlobals = s_hardenedEngine,
        AgentScript = new AgentScriptSubset(RegexUse.Refuse, BidiUse.Refuse),
        AgentScriptLoops = LoopKinds.For | LoopKinds.ForOf,
        AgentScriptCallTargets = CallTargetUse.Static,
        Keys = KeyGuard.On,
        OnUnscored = FailureMode.Block,
    };

    public static GuardLevelRow Secure { get; } = new()
    {
        Level = GuardLevel.Secure,
        PreScan = new PreScanLimits
        {
            InputBytes = Mega,
            LineLength = 8_000,
            Lines = 5_000,
            BracketDepth = 40,
            ConsecutiveOperators = 15,
            RegexLength = 200,
            RegexCount = 20,
            RedosScope = RedosScope.Catastrophic,
            StringLength = 100 * Kilo,
            StringTotal = Mega,
            Bidi = TextCheck.On,
        },
        CpuTime = TimeSpan.FromSeconds(0.5),
        CpuMicrosecondsPerUnit = 2,
        Globals = [.. PresetNames.EveryLevel, .. PresetNames.FromSecure],
        JavaScriptGlobals = s_hardenedEngine,
        AgentScript = new AgentScriptSubset(RegexUse.Refuse, BidiUse.Refuse),
        AgentScriptLoops = LoopKinds.For | LoopKinds.ForOf,
        AgentScriptCallTargets = CallTargetUse.Static,
        Keys = KeyGuard.On,
        OnUnscored = FailureMode.Block,
    };

    public static GuardLevelRow Standard { get; } = new()
    {
        Level = GuardLevel.Standard,
        // The defaults of the limits are this level's.
        PreScan = new PreScanLimits(),
        CpuTime = TimeSpan.FromSeconds(1),
        CpuMicrosecondsPerUnit = 3,
        Globals = [.. PresetNames.EveryLevel, .. PresetNames.FromSecure, .. PresetNames.FromStandard],
        JavaScriptGlobals = s_engine,
        AgentScript = new AgentScriptSubset(RegexUse.Analyze, BidiUse.Tell),
        AgentScriptLoops = LoopKinds.For | LoopKinds.ForOf,
        AgentScriptCallTargets = CallTargetUse.Static,
        Keys = KeyGuard.On,
        OnUnscored = FailureMode.Allow,
    };

    public static GuardLevelRow Permissive { get; } = new()
    {
        Level = GuardLevel.Permissive,
        PreScan = new PreScanLimits
        {
            InputBytes = 10 * Mega,
            LineLength = 50_000,
            Lines = 100_000,
            BracketDepth = 100,
            ConsecutiveOperators = 50,
            RegexMode = RegexMode.Allow,
            RegexLength = 1_000,
            RegexCount = 50,
            RedosScope = RedosScope.Catastrophic,
            StringLength = Mega,
            StringTotal = 10 * Mega,
            Homographs = TextCheck.Off,
        },
        CpuTime = TimeSpan.FromSeconds(1),
        CpuMicrosecondsPerUnit = 3,
        Globals = s_every,
        JavaScriptGlobals = s_engine,
        AgentScript = null,
        AgentScriptLoops = LoopKinds.All,
        AgentScriptCallTargets = CallTargetUse.Dynamic,
        Keys = KeyGuard.Off,
        OnUnscored = FailureMode.Allow,
    };

    /// <exception cref="ArgumentOutOfRangeException">There is no such level.</exception>
    public static GuardLevelRow Of(GuardLevel level) => level switch
    {
        GuardLevel.Strict => Strict,
        GuardLevel.Secure => Secure,
        GuardLevel.Standard => Standard,
        GuardLevel.Permissive => Permissive,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "GuardLevel is Strict, Secure, Standard or Permissive."),
    };

    /// <summary>The limits of a script's text under a preset at a level.</summary>
    public static PreScanLimits PreScan(GuardPreset preset, GuardLevel level) => (preset, Of(level)) switch
    {
        (GuardPreset.AgentScript, { AgentScript.Regexes: RegexUse.Refuse } row) => row.PreScan.WithoutRegexes(),
        (GuardPreset.JavaScript, var row) => JavaScript(row.PreScan.InputBytes),
        (_, var row) => row.PreScan,
    };

    /// <summary>The globals that a script may name under a preset at a level.</summary>
    public static ImmutableArray<string> Globals(GuardPreset preset, GuardLevel level) =>
        preset == GuardPreset.JavaScript ? Of(level).JavaScriptGlobals : Of(level).Globals;

    /// <summary>The limits under the preset javascript: size, and nesting that the parser can follow.</summary>
    private static PreScanLimits JavaScript(int inputBytes) => Permissive.PreScan with
    {
        InputBytes = inputBytes,
        LongLines = TextCheck.Off,
        Lines = 1_000_000,
        BracketDepth = PreScanLimits.MostBracketDepth,
        ConsecutiveOperators = 100,
        RegexMode = RegexMode.Ignore,
        StringLength = 5 * Mega,
    };
}
