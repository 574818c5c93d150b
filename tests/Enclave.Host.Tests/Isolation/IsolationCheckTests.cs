using System.Diagnostics;
using Enclave.Isolation;
using Enclave.Protocol.Messages;
using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>An ordinary process in the place of a worker: the inspection from outside reports every missing layer.</summary>
public sealed class IsolationCheckTests : IDisposable
{
    private static readonly IsolationLayer[] s_all = Enum.GetValues<IsolationLayer>();
    private static readonly WorkerBudget s_budget = new(1 << 30, 1000, 1 << 30);

    private readonly Process _stranger = Process.Start(
        new ProcessStartInfo("/bin/sleep", ["3600"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static TheoryData<IsolationLayer, string> Lies => new()
    {
        { IsolationLayer.Seccomp, Claims.Seccomp },
        { IsolationLayer.ResourceLimits, Claims.Limits },
        { IsolationLayer.HardenedProcess, "" },
        { IsolationLayer.DroppedUser, Claims.User },
        { IsolationLayer.FileSystem, "landlock=7" },
        { IsolationLayer.Namespaces, "" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public void A_layer_that_is_claimed_and_not_seen_is_a_mismatch(IsolationLayer layer, string claim)
    {
        Assert.SkipUnless(Machine.This.IsRoot, "an ordinary host may not look into every one of these: run the tests as root");
        (LayerReport report, string? mismatch) = Check(layer, JailForm.Bubblewrap, claim);

        Assert.Equal(LayerStatus.Failed, report.Status);
        Assert.StartsWith($"{layer}: ", mismatch, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IsolationLayer.Seccomp)]
    [InlineData(IsolationLayer.ResourceLimits)]
    [InlineData(IsolationLayer.NoExecutableMemory)]
    public void A_layer_that_is_not_claimed_has_failed_and_nobody_has_lied(IsolationLayer layer)
    {
        (LayerReport report, string? mismatch) = Check(layer, JailForm.None);

        Assert.Equal((LayerStatus.Failed, null), (report.Status, mismatch));
        Assert.NotEmpty(report.Detail);
    }

    [Theory]
    [InlineData("landlock=7", LayerStatus.Active)]
    [InlineData("landlock=1", LayerStatus.Active)]
    [InlineData("landlock=0", LayerStatus.Failed)]
    [InlineData("landlock=-1", LayerStatus.Failed)]
    [InlineData("landlock=x", LayerStatus.Failed)]
    [InlineData("landlock=99999999999", LayerStatus.Failed)]
    [InlineData("landlock", LayerStatus.Failed)]
    [InlineData("", LayerStatus.Failed)]
    public void Without_a_jail_the_files_rest_on_the_workers_own_attempts(string claim, LayerStatus status)
    {
        (LayerReport report, string? mismatch) = Check(IsolationLayer.FileSystem, JailForm.Landlock, claim);

        Assert.Equal((status, null), (report.Status, mismatch));
    }

    [Fact]
    public void A_group_that_was_not_entered_has_failed()
    {
        // EnterGroup was not called.
        IsolationPlan plan = Only(IsolationLayer.ControlGroup, JailForm.None);

        (LayerReport report, string? mismatch) = Check(IsolationLayer.ControlGroup, JailForm.None);

        Assert.Equal((LayerStatus.Failed, null), (report.Status, mismatch));
    }

    [Fact]
    public void A_process_that_is_gone_has_nothing()
    {
        _stranger.Kill();
        _stranger.WaitForExit();

        (LayerReport report, _) = Check(IsolationLayer.Seccomp, JailForm.None, Claims.Seccomp);

        Assert.Equal(LayerStatus.Failed, report.Status);
    }

    [Theory]
    [InlineData(IsolationLayer.HardenedProcess)]
    [InlineData(IsolationLayer.ResourceLimits, Claims.Limits)]
    [InlineData(IsolationLayer.Seccomp, Claims.Seccomp)]
    [InlineData(IsolationLayer.DroppedUser, Claims.User)]
    public void A_worker_that_may_not_be_looked_at_is_unverified_and_no_liar(IsolationLayer layer, params string[] claims)
    {
        IsolationPlan plan = Only(layer, JailForm.None);

        (LayerReport report, IsolationCheck check) = CheckHidden(plan, layer, claims);

        Assert.Equal((LayerStatus.Unverified, null), (report.Status, check.Mismatch));
        Assert.Contains("hidepid", report.Detail, StringComparison.Ordinal);
        Assert.Contains("ProtectProc=default", report.Remedy, StringComparison.Ordinal);
        // No proof, either: STRICT wants to see it, unless its loss is accepted.
        Assert.Matches($"^{layer} cannot be verified: .*hidepid.*ProtectProc=default", check.Unseen);
        Assert.Null(CheckHidden(plan with { Accepted = [layer] }, layer, claims).Check.Unseen);
        Assert.Null(CheckHidden(plan with { Level = SecurityLevel.Permissive }, layer, claims).Check.Unseen);
    }

    [Fact]
    public void A_layer_of_a_hidden_worker_that_is_not_claimed_has_failed()
    {
        (LayerReport report, IsolationCheck check) = CheckHidden(Only(IsolationLayer.Seccomp, JailForm.None), IsolationLayer.Seccomp);

        Assert.Equal((LayerStatus.Failed, null, null), (report.Status, check.Mismatch, check.Unseen));
    }

    [Fact]
    public void The_filter_of_a_worker_is_unverified_where_that_of_its_nursery_was_hidden()
    {
        IsolationPlan plan = Only(IsolationLayer.Seccomp, JailForm.None);
        using var confinement = Confinement.Take(plan, s_budget, new HashSet<string>());
        confinement.FiltersBefore = null;
        var seen = new WorkerInspection(_stranger.Id) { Threads = [new() { ["Seccomp"] = "2", ["Seccomp_filters"] = "1" }] };

        var check = new IsolationCheck(plan, confinement, [Claims.Seccomp], seen);

        // One filter may be the one that it inherited.
        Assert.Equal(LayerStatus.Unverified, check.Run()[(int)IsolationLayer.Seccomp].Status);
        Assert.StartsWith("Seccomp cannot be verified", check.Unseen, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_the_level_does_not_want_are_off_whatever_is_claimed()
    {
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Permissive, Machine.This, []);
        using var confinement = Confinement.Take(plan, s_budget, new HashSet<string>());

        IReadOnlyList<LayerReport> layers = new IsolationCheck(plan, confinement, [Claims.User, "landlock=7"], new WorkerInspection(_stranger.Id)).Run();

        Assert.Equal(s_all, layers.Select((layer) => layer.Layer));
        Assert.All(layers.Where((layer) => layer.Requirement == LayerRequirement.Off), (layer) => Assert.Equal(LayerStatus.Off, layer.Status));
        Assert.Equal(LayerStatus.Off, layers[(int)IsolationLayer.FileSystem].Status);
    }

    [Fact]
    public void A_missing_layer_is_reported_with_its_remedy_and_whether_it_was_accepted()
    {
        Machine bare = Machine.This with { Bubblewrap = null, BubblewrapFault = "bubblewrap is not installed", LandlockAbi = 0, InContainer = false };
        IsolationPlan plan = IsolationPlan.For(SecurityLevel.Secure, bare, [IsolationLayer.FileSystem]);
        using var confinement = Confinement.Take(plan, s_budget, new HashSet<string>());

        IReadOnlyList<LayerReport> layers = new IsolationCheck(plan, confinement, [], new WorkerInspection(_stranger.Id)).Run();

        foreach ((IsolationLayer layer, bool accepted) in (ReadOnlySpan<(IsolationLayer, bool)>)[
            (IsolationLayer.FileSystem, true), (IsolationLayer.Namespaces, false)])
        {
            LayerReport report = layers[(int)layer];
            Assert.Equal((LayerStatus.Unavailable, accepted), (report.Status, report.Accepted));
            Assert.Contains("bubblewrap", report.Detail, StringComparison.Ordinal);
            Assert.Contains("apt-get", report.Remedy, StringComparison.Ordinal);
        }

        Assert.Contains(" -FileSystem", IsolationTag.Of(plan, layers), StringComparison.Ordinal);
        Assert.Contains(" -Namespaces", IsolationTag.Of(plan, layers), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (!_stranger.HasExited) _stranger.Kill();
        _stranger.Dispose();
    }

    private (LayerReport Report, string? Mismatch) Check(IsolationLayer layer, JailForm form, params string[] claims)
    {
        IsolationPlan plan = Only(layer, form);
        using var confinement = Confinement.Take(plan, s_budget, new HashSet<string> { "/engine/node" });
        var check = new IsolationCheck(plan, confinement, claims, new WorkerInspection(_stranger.Id));
        LayerReport report = check.Run()[(int)layer];
        return (report, check.Mismatch);
    }

    /// <summary>Checks a worker of which /proc shows nothing.</summary>
    private (LayerReport Report, IsolationCheck Check) CheckHidden(IsolationPlan plan, IsolationLayer layer, params string[] claims)
    {
        using var confinement = Confinement.Take(plan, s_budget, new HashSet<string>());
        var seen = new WorkerInspection(_stranger.Id) { Threads = [], Limits = null, IsHidden = true };
        var check = new IsolationCheck(plan, confinement, claims, seen);
        return (check.Run()[(int)layer], check);
    }

    private static IsolationPlan Only(IsolationLayer layer, JailForm form)
    {
        var whole = IsolationPlan.For(SecurityLevel.Strict, Machine.This with { LandlockAbi = 7 }, []);
        return whole with
        {
            Form = form,
            Layers = [.. whole.Layers.Select((plan) => plan.Layer == layer ? plan with { Possible = true } : plan with { Requirement = LayerRequirement.Off })],
        };
    }
}
