using Enclave.Guard.Options;
using Enclave.Guard.PreScan;
using Enclave.Guard.Presets;

namespace Enclave.Guard.Tests.Presets;

/// <summary>The decisions of <see cref="GuardLevelTable"/> that depend on the preset too. Its figures have tests where they take effect.</summary>
public sealed class GuardLevelTableTests
{
    [Theory]
    [InlineData(nameof(GuardLevel.Strict), "Block", "On", "Analyze", "On")]
    [InlineData(nameof(GuardLevel.Secure), "Block", "On", "Analyze", "On")]
    [InlineData(nameof(GuardLevel.Standard), "Analyze", "On", "Analyze", "On")]
    [InlineData(nameof(GuardLevel.Permissive), "Allow", "Off", "Allow", "Off")]
    public void Agentscript_and_the_plain_presets_take_regular_expressions_and_keys_from_the_level(
        string level, string agentRegexes, string agentKeys, string plainRegexes, string plainKeys)
    {
        Assert.Equal((agentRegexes, agentKeys), Checks(level, GuardPreset.AgentScript));
        Assert.Equal((plainRegexes, plainKeys), Checks(level, GuardPreset.Secure));
    }

    [Theory]
    [InlineData(nameof(GuardLevel.Strict), 500 * 1024)]
    [InlineData(nameof(GuardLevel.Secure), 1024 * 1024)]
    [InlineData(nameof(GuardLevel.Standard), 5 * 1024 * 1024)]
    [InlineData(nameof(GuardLevel.Permissive), 10 * 1024 * 1024)]
    public void Under_javascript_only_the_size_depends_on_the_level(string level, int bytes)
    {
        PreScanLimits limits = Settings(level, GuardPreset.JavaScript).PreScan;

        Assert.Equal(bytes, limits.InputBytes);
        Assert.Equal(Settings(nameof(GuardLevel.Strict), GuardPreset.JavaScript).PreScan with { InputBytes = bytes }, limits);
        Assert.Equal(("Ignore", "Off"), Checks(level, GuardPreset.JavaScript));
    }

    [Theory]
    [InlineData(nameof(GuardLevel.Strict), false)]
    [InlineData(nameof(GuardLevel.Secure), false)]
    [InlineData(nameof(GuardLevel.Standard), true)]
    [InlineData(nameof(GuardLevel.Permissive), true)]
    public void Under_javascript_weak_references_and_atomics_are_globals_where_the_engine_has_them(string level, bool hasThem)
    {
        ImmutableArray<string> globals = GuardLevelTable.Globals(GuardPreset.JavaScript, Enum.Parse<GuardLevel>(level));

        Assert.All(["WeakRef", "FinalizationRegistry", "Atomics"], (name) => Assert.Equal(hasThem, globals.Contains(name)));
        Assert.Contains("eval", globals);
    }

    [Fact]
    public void A_level_allows_every_global_of_the_level_below()
    {
        GuardLevel[] levels = Enum.GetValues<GuardLevel>();
        foreach ((GuardLevel below, GuardLevel level) in levels.Zip(levels.Skip(1)))
            Assert.Empty(GuardLevelTable.Of(below).Globals.Except(GuardLevelTable.Of(level).Globals));
    }

    [Fact]
    public void A_level_that_does_not_exist_has_no_row() => Assert.Throws<ArgumentOutOfRangeException>(() => GuardLevelTable.Of((GuardLevel)4));

    private static (string Regexes, string Keys) Checks(string level, GuardPreset preset)
    {
        GuardSettings settings = Settings(level, preset);
        return (settings.PreScan.RegexMode.ToString(), settings.Keys.ToString());
    }

    private static GuardSettings Settings(string level, GuardPreset preset) => new() { Level = Enum.Parse<GuardLevel>(level), Preset = preset };
}
