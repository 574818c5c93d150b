using System.Diagnostics;
using Enclave.Isolation;
using Enclave.Limits;
using Enclave.Linux;
using Enclave.Tests;

namespace Enclave.Attacks.Tests;

/// <summary>
/// With fewer rights than root on its own machine, a host does what docs/levels.md says: it reaches the same by other means, or
/// refuses and names what is missing. No layer disappears silently.
/// </summary>
public sealed class DegradationTests
{
    /// <summary>
    /// By surroundings: the isolation tag (without control groups) at every level with a jail, and the mandatory layers that SECURE and STRICT miss.
    /// </summary>
    private static readonly Dictionary<string, (string Tag, string[] Missing)> s_expected = new()
    {
        ["root"] = ("bubblewrap", []),
        ["root without bubblewrap"] = ("landlock -Namespaces", ["Namespaces"]),
        ["ordinary user"] = ("bubblewrap", []),
        ["ordinary user without bubblewrap"] = ("landlock -Namespaces -DroppedUser", ["Namespaces", "DroppedUser"]),
        ["ordinary user without user namespaces"] = ("landlock -Namespaces -DroppedUser", ["Namespaces", "DroppedUser"]),
        ["ordinary user behind hidepid"] = ("bubblewrap", []),
        ["ordinary user behind hidepid without bubblewrap"] = ("landlock -Namespaces -DroppedUser", ["Namespaces", "DroppedUser"]),
        ["root behind hidepid without CAP_SYS_PTRACE"] = ("bubblewrap", []),
        ["root of a namespace with one id"] = ("bubblewrap -DroppedUser", ["DroppedUser"]),
        // Its own namespaces replace those that it may not make.
        ["container"] = ("landlock", []),
        ["container without capabilities"] = ("landlock -DroppedUser", ["DroppedUser"]),
    };

    public static TheoryData<string, SecurityLevel> Everywhere()
    {
        var data = new TheoryData<string, SecurityLevel>();
        foreach (string name in Surroundings.Names)
        {
            foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>()) data.Add(name, level);
        }

        return data;
    }

    public static TheoryData<string> WithLosses => [.. s_expected.Where((expected) => expected.Value.Missing.Length > 0).Select((expected) => expected.Key)];

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task S3_A_level_runs_with_what_it_needs_or_names_what_is_missing(string surroundings, SecurityLevel level)
    {
        Surroundings place = Place(surroundings);
        (string tag, string[] missing) = s_expected[surroundings];
        if (level is SecurityLevel.Standard or SecurityLevel.Permissive) missing = [];

        await using LookingHost host = place.Start(level);
        Outcome outcome = await host.Outcome();

        if (missing.Length > 0)
        {
            AssertRefused(outcome, missing);
            return;
        }

        Assert.True(outcome.Code is null, outcome.Message);
        Assert.Equal((42, true), (outcome.Value, outcome.Available));
        Assert.Equal(level == SecurityLevel.Permissive ? "process" : tag, WithoutGroups(outcome));
        AssertNothingIsSilent(level, outcome);
        Assert.Empty(outcome.Events);
    }

    [Theory]
    [InlineData("ordinary user behind hidepid", SecurityLevel.Strict)]
    [InlineData("ordinary user behind hidepid", SecurityLevel.Secure)]
    [InlineData("ordinary user behind hidepid", SecurityLevel.Standard)]
    [InlineData("ordinary user behind hidepid", SecurityLevel.Permissive)]
    [InlineData("ordinary user behind hidepid without bubblewrap", SecurityLevel.Standard)]
    [InlineData("ordinary user behind hidepid without bubblewrap", SecurityLevel.Permissive)]
    public async Task S3_A_worker_that_proc_hides_is_verified_all_the_same(string surroundings, SecurityLevel level)
    {
        await using LookingHost host = Place(surroundings).Start(level);

        Outcome outcome = await host.Outcome();

        Assert.True(outcome.Code is null, outcome.Message);
        Assert.All((string[])["Seccomp", "ResourceLimits"], (layer) => Assert.Equal("Active", outcome.Holds[layer]));
        // Landlock and PERMISSIVE: without hidepid the environment and the descriptors are not the host's to read, either.
        bool seesAll = level != SecurityLevel.Permissive && outcome.Tag.StartsWith("bubblewrap", StringComparison.Ordinal);
        Assert.Equal(seesAll ? "Active" : "Unverified", outcome.Holds["HardenedProcess"]);
        Assert.Empty(outcome.Events);
    }

    [Theory]
    [MemberData(nameof(WithLosses))]
    public async Task S3_A_loss_that_is_accepted_by_name_is_in_every_result(string surroundings)
    {
        Surroundings place = Place(surroundings);
        (string tag, string[] missing) = s_expected[surroundings];

        await using LookingHost host = place.Start(SecurityLevel.Secure, missing.Select(Enum.Parse<IsolationLayer>));
        Outcome outcome = await host.Outcome();

        Assert.True(outcome.Code is null, outcome.Message);
        Assert.Equal((42, tag), (outcome.Value, WithoutGroups(outcome)));
        Assert.All(missing, (layer) => Assert.Contains($" -{layer}", outcome.Tag, StringComparison.Ordinal));
        Assert.All(missing, (layer) => Assert.Equal("Unavailable", outcome.Holds[layer]));
    }

    [Theory]
    [InlineData("ordinary user without user namespaces", IsolationLayer.Namespaces, "DroppedUser")]
    [InlineData("ordinary user without user namespaces", IsolationLayer.DroppedUser, "Namespaces")]
    [InlineData("ordinary user without user namespaces", IsolationLayer.FileSystem, "Namespaces", "DroppedUser")]
    [InlineData("root of a namespace with one id", IsolationLayer.Seccomp, "DroppedUser")]
    public async Task S3_A_loss_that_was_accepted_excuses_no_other(string surroundings, IsolationLayer accepted, params string[] stillMissing)
    {
        await using LookingHost host = Place(surroundings).Start(SecurityLevel.Secure, accepted);

        Outcome outcome = await host.Outcome();

        AssertRefused(outcome, stillMissing);
        // The report names the missing layer, even if its absence is accepted.
        string[] absent = [.. outcome.Offered.Where((layer) => layer.Value == "Unavailable").Select((layer) => layer.Key)];
        Assert.All(s_expected[surroundings].Missing, (layer) => Assert.Contains(layer, absent));
    }

    [Theory]
    [InlineData("ordinary user")]
    [InlineData("ordinary user without user namespaces")]
    [InlineData("root of a namespace with one id")]
    [InlineData("container")]
    [InlineData("container without capabilities")]
    public async Task I11_No_worker_keeps_a_capability_whoever_its_host_is(string surroundings)
    {
        await using LookingHost host = Place(surroundings).Start(SecurityLevel.Standard);
        Outcome outcome = await host.Outcome();
        Assert.True(outcome.Code is null, outcome.Message);

        Dictionary<string, string> status = ProcFile.Status($"/proc/{Assert.Single(host.Leaves())}/status");

        foreach (string set in (string[])["CapInh", "CapPrm", "CapEff", "CapAmb"]) Assert.Equal("0000000000000000", status[set]);
    }

    [Theory]
    [InlineData("root", true)]
    [InlineData("container", true)]
    [InlineData("ordinary user", false)]
    public async Task Groups_that_may_not_be_made_are_missed_in_the_tag(string surroundings, bool may)
    {
        await using LookingHost host = Place(surroundings).Start(SecurityLevel.Standard);

        Outcome outcome = await host.Outcome();

        bool made = may && Machine.This.ControlGroups.IsUsable;
        Assert.Equal(
            (made, made ? "Active" : "Unavailable"), (!outcome.Tag.Contains("-ControlGroup", StringComparison.Ordinal), outcome.Holds["ControlGroup"]));
    }

    [Theory]
    [InlineData("ordinary user behind hidepid", SecurityLevel.Permissive)]
    [InlineData("ordinary user behind hidepid without bubblewrap", SecurityLevel.Standard)]
    public async Task I11_A_worker_is_shown_to_its_host_only_until_its_lock(string surroundings, SecurityLevel level)
    {
        await using LookingHost host = Place(surroundings).Start(level);
        Outcome outcome = await host.Outcome();
        Assert.True(outcome.Code is null, outcome.Message);

        // The /proc files of a process that is not dumpable are root's (proc(5)).
        foreach (int pid in (int[])[outcome.Pid, ProcessTable.NurseryOf(outcome.Pid)])
        {
            using Process stat = Process.Start(new ProcessStartInfo("/usr/bin/stat", ["-c", "%u", $"/proc/{pid}/environ"]) { RedirectStandardOutput = true })!;
            Assert.Equal("0\n", await stat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        }
    }

    private static Surroundings Place(string name)
    {
        Surroundings place = Surroundings.Of(name);
        Assert.SkipUnless(Machine.This.BubblewrapFault is null, $"these expectations want bubblewrap: {Machine.This.BubblewrapFault}");
        Assert.SkipUnless(Machine.This.LandlockAbi > 0, "these expectations want a kernel with Landlock");
        Assert.SkipUnless(
            name.StartsWith("container", StringComparison.Ordinal) || !Machine.This.InContainer, "these tests run in a container, whose namespaces stand in");
        return place;
    }

    private static void AssertRefused(Outcome outcome, string[] missing)
    {
        Assert.Equal((nameof(ErrorCode.IsolationUnavailable), 0L, false), (outcome.Code, outcome.Value, outcome.Available));
        Assert.Equal(missing, outcome.Layers);
        Assert.All(missing, (layer) => Assert.Equal("Unavailable", outcome.Offered[layer]));
        // Each with the reason and the remedy: "Layer (why: what to do)".
        Assert.All(missing, (layer) => Assert.Matches($@"\b{layer} \([^;]{{10,}}: (apt-get|allow|run|give) [^;]{{5,}}", outcome.Message));
        Assert.Contains(nameof(EnclaveOptions.AllowDegradedIsolation), outcome.Message, StringComparison.Ordinal);
        Assert.Contains("docs/errors/ISOLATION_UNAVAILABLE.md", outcome.Message, StringComparison.Ordinal);
        Assert.Equal((0, "none"), (outcome.Pid, outcome.Tag));
    }

    private static string WithoutGroups(Outcome outcome) => outcome.Tag.Replace(" -ControlGroup", "", StringComparison.Ordinal);

    /// <summary>Each layer that the level wants is in force, or the tag names its absence.</summary>
    private static void AssertNothingIsSilent(SecurityLevel level, Outcome outcome)
    {
        foreach (IsolationLayer layer in Enum.GetValues<IsolationLayer>())
        {
            bool wanted = IsolationTable.Requirement(level, layer) != LayerRequirement.Off;
            bool absent = outcome.Tag.Split(' ').Contains($"-{layer}");
            string holds = outcome.Holds[$"{layer}"];
            Assert.True(holds is "Active" or "Unverified" ? wanted && !absent : wanted ? absent && holds is "Unavailable" : holds == "Off",
                $"{layer} at {level} is {holds}, and the tag says {outcome.Tag}");
        }
    }
}
