using System.Globalization;
using Enclave.Linux;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Isolation;

/// <summary>Compares a worker's report on its isolation with the kernel's view, before its first job.</summary>
/// <param name="plan">The intended isolation.</param>
/// <param name="confinement">The worker's resources.</param>
/// <param name="claims">The worker's report.</param>
/// <param name="seen">The kernel's view.</param>
internal sealed class IsolationCheck(IsolationPlan plan, Confinement confinement, IReadOnlyList<string> claims, WorkerInspection seen)
{
    private const string Status = "every thread's /proc status", Unreadable = "may not be read: the host needs root or CAP_SYS_PTRACE";

    private readonly List<LayerReport> _layers = [];

    /// <summary>The claim that the kernel contradicts; null if there is none.</summary>
    public string? Mismatch { get; private set; }

    /// <summary>The mandatory layer that the host may not inspect although the level requires it, with the remedy; null if there is none.</summary>
    public string? Unseen { get; private set; }

    public IReadOnlyList<LayerReport> Run()
    {
        foreach (LayerPlan layer in plan.Layers) _layers.Add(layer.Applies ? Check(layer) : Absent(layer, plan));
        return _layers;
    }

    /// <summary>A layer that is not applied, because of the level or the machine.</summary>
    public static LayerReport Absent(LayerPlan layer, IsolationPlan plan) => new()
    {
        Layer = layer.Layer,
        Requirement = layer.Requirement,
        Status = layer.Requirement == LayerRequirement.Off ? LayerStatus.Off : LayerStatus.Unavailable,
        Detail = layer.Requirement == LayerRequirement.Off ? "" : layer.Detail,
        Remedy = layer.Requirement == LayerRequirement.Off ? null : layer.Remedy,
        Accepted = layer.IsMissing && plan.Accepted.Contains(layer.Layer),
    };

    /// <summary>The layers of a worker that cannot be inspected from outside.</summary>
    public static IReadOnlyList<LayerReport> ByPlan(IsolationPlan plan) => [.. plan.Layers.Select((layer) => layer.Applies ? Set(layer) : Absent(layer, plan))];

    private static LayerReport Set(LayerPlan layer) => new()
    {
        Layer = layer.Layer,
        Requirement = layer.Requirement,
        Status = LayerStatus.Active,
        Method = "the host's own setting",
        Detail = layer.Detail,
    };

    private LayerReport Check(LayerPlan layer) => layer.Layer switch
    {
        IsolationLayer.HardenedProcess => Hardened(layer),
        IsolationLayer.ResourceLimits => Claimed(layer, Claims.Limits, Limits(), "/proc limits"),
        IsolationLayer.Seccomp => Claimed(layer, Claims.Seccomp, Filters(), Status, confinement.FilterHash),
        IsolationLayer.FileSystem => FileSystem(layer),
        IsolationLayer.Namespaces => Namespaces(layer),
        IsolationLayer.DroppedUser => User(layer),
        IsolationLayer.NoExecutableMemory => Claimed(layer, Claims.NoExec, seen.WritableCode() is { } count ? count == 0 : null, "/proc maps without rwx"),
        IsolationLayer.ControlGroup => Group(layer),
        IsolationLayer.ProtectedFiles => Report(layer, LayerStatus.Active, "owners and permissions, before each start", layer.Detail),
        IsolationLayer.OwnProcess => Report(layer, LayerStatus.Active, "the host started it and holds its pidfd", layer.Detail + Reset() + Seal()),
        _ => Report(layer, LayerStatus.Active, "the host's own setting", layer.Detail),
    };

    /// <summary>Describes how its memory is reset after each job, by its own report.</summary>
    private string Reset() =>
        claims.Contains(Claims.ResetTracked) ? "; reset by write protection" : claims.Contains(Claims.ResetCopied) ? "; reset by copying all of it" : "";

    /// <summary>Whether the kernel keeps the worker's code and constants unchanged, by the worker's own report from before its first script.</summary>
    private string Seal() => claims.Contains(Claims.Sealed) ? "; code and constants sealed" : "";

    private LayerReport Hardened(LayerPlan layer)
    {
        if (seen.IsHidden) return Unverified(layer, "the worker", layer.Detail);
        if (seen.Threads.Count == 0) return Report(layer, LayerStatus.Failed, Status, "the process is gone");
        bool holds = seen.All("NoNewPrivs", "1") && seen.Limits?.GetValueOrDefault("Max core file size") is null or "0";
        if (seen.Descriptors() is not { } open || seen.HasEmptyEnvironment() is not { } bare || seen.Limits is null)
        {
            return holds
                ? Unverified(layer, Status, "no_new_privs and no core seen; environment and descriptors")
                : Deny(layer, Status, "no_new_privs is not set");
        }

        // Bubblewrap leaves the folder's name in the environment. The engine wipes it first, so the bytes are zero.
        string? strange = open.Where((fd) => !IsExpected(fd.Key, fd.Value)).Select((fd) => $"{fd.Key} is {fd.Value}").FirstOrDefault();
        if (!holds || !bare || strange is not null) return Deny(layer, Status, strange ?? (holds ? "the environment is not empty" : "no_new_privs is not set"));
        return Report(layer, LayerStatus.Active, $"{Status}, limits, environ and fd", layer.Detail);
    }

    /// <summary>The expected descriptors: 0 is empty, 1 and 2 the log, 3 and 4 the frames.</summary>
    private static bool IsExpected(int fd, string target) => fd <= WorkerDescriptors.Output && target.StartsWith("pipe:", StringComparison.Ordinal);

    private bool? Filters() => IsHidden ? null : seen.All("Seccomp", "2") && seen.HasMoreFilters(confinement.FiltersBefore!.Value);

    private bool? Limits() => seen.Limits is not { } limits ? null :
        IsAtMost(limits, "Max open files", WorkerLimits.OpenFiles) && limits.GetValueOrDefault("Max file size") == "0"
            && limits.GetValueOrDefault("Max processes") == "0" && limits.GetValueOrDefault("Max locked memory") == "0"
            && IsAtMost(limits, "Max pending signals", WorkerLimits.PendingSignals) && limits.GetValueOrDefault("Max address space") != "unlimited"
            && limits.GetValueOrDefault("Max data size") != "unlimited" && limits.GetValueOrDefault("Max cpu time") != "unlimited";

    private static bool IsAtMost(IReadOnlyDictionary<string, string> limits, string name, int most) =>
        int.TryParse(limits.GetValueOrDefault(name), CultureInfo.InvariantCulture, out int limit) && limit <= most;

    private LayerReport FileSystem(LayerPlan layer)
    {
        int landlock = claims.Where((claim) => claim.StartsWith(Claims.Landlock, StringComparison.Ordinal))
            .Select((claim) => int.TryParse(claim[Claims.Landlock.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : 0)
            .FirstOrDefault();
        if (plan.Form == JailForm.Landlock)
        {
            // /proc does not show Landlock. The worker tested it while it was still honest: before it read a byte of any tenant.
            return landlock > 0
                ? Report(layer, LayerStatus.Active, "the worker's own attempts, before its first frame", layer.Detail)
                : Report(layer, LayerStatus.Failed, "the worker", "Landlock was not put on");
        }

        if (seen.Root() is not { } root) return Unverified(layer, "bubblewrap", $"{layer.Detail}; the root");
        string? strange = root.Except(confinement.Files).Concat(confinement.Files.Except(root)).Order(StringComparer.Ordinal).FirstOrDefault();
        return strange is null
            ? Report(layer, LayerStatus.Active, "its root's listing", layer.Detail)
            : Deny(layer, "its root's listing", $"{strange} should {(root.Contains(strange) ? "not " : "")}be there");
    }

    private LayerReport Namespaces(LayerPlan layer)
    {
        if (plan.Form != JailForm.Bubblewrap) return Report(layer, LayerStatus.Active, "the host's own pid namespace is not the machine's", layer.Detail);
        return seen.SharedNamespaces() switch
        {
            null => Unverified(layer, "bubblewrap", $"{layer.Detail}; its namespaces"),
            [] => Report(layer, LayerStatus.Active, "links of /proc ns", layer.Detail),
            var shared => Deny(layer, "links of /proc ns", $"{string.Join(", ", shared)} is the host's own"),
        };
    }

    private LayerReport User(LayerPlan layer)
    {
        bool bare = seen.HasNoCapabilities && seen.All("Groups", (groups) => confinement.User is null || groups.Length == 0);
        if (confinement.User is { } uid)
        {
            string four = string.Join('\t', Enumerable.Repeat(uid.ToString(CultureInfo.InvariantCulture), 4));
            return Claimed(layer, Claims.User, seen.IsHidden ? null : bare && seen.All("Uid", four) && seen.All("Gid", four), Status, $"user {uid}");
        }

        if (plan.ChangesUser) return Report(layer, LayerStatus.Failed, "the host", "no user id was free");
        if (seen.IsHidden) return Unverified(layer, "the host", layer.Detail);
        return bare ? Report(layer, LayerStatus.Active, Status, layer.Detail) : Deny(layer, Status, "it holds capabilities");
    }

    private LayerReport Group(LayerPlan layer)
    {
        (bool entered, string detail) = confinement.Group;
        if (!entered) return Report(layer, LayerStatus.Failed, "the host", detail);
        return seen.IsInGroup(detail) switch
        {
            true => Report(layer, LayerStatus.Active, "/proc cgroup", detail),
            null => Unverified(layer, "the host", $"{detail}; its membership"),
            _ => Deny(layer, "/proc cgroup", $"it is not in {detail}"),
        };
    }

    /// <summary>A layer that the worker applies to itself: its report must match the kernel's view.</summary>
    private LayerReport Claimed(LayerPlan layer, string claim, bool? visible, string method, string? detail = null)
    {
        bool says = claims.Contains(claim);
        if (!says) return Report(layer, LayerStatus.Failed, "the worker", "it was not put on; the worker's log says why");
        return visible switch
        {
            true => Report(layer, LayerStatus.Active, method, detail ?? layer.Detail),
            null => Unverified(layer, "the worker", $"{detail ?? layer.Detail}; it"),
            _ => Deny(layer, method, "the worker says so, and it is not there"),
        };
    }

    /// <summary>True if the host may not inspect the worker, or could not inspect its nursery.</summary>
    private bool IsHidden => seen.IsHidden || confinement.FiltersBefore is null;

    /// <summary>
    /// A layer that the host may not inspect. That is neither an attack nor a proof: PERMISSIVE accepts such a layer, other levels only if the operator accepts
    /// the loss.
    /// </summary>
    private LayerReport Unverified(LayerPlan layer, string method, string what)
    {
        if (!IsHidden) return Report(layer, LayerStatus.Unverified, method, $"{what} {Unreadable}");
        LayerReport report = Report(layer, LayerStatus.Unverified, method, $"{what} {ProcMount.Hidden}") with { Remedy = ProcMount.Remedy };
        if (layer.Requirement == LayerRequirement.Mandatory && !report.Accepted && plan.Level != SecurityLevel.Permissive)
            Unseen ??= $"{layer.Layer} {ProcMount.Hidden}; {ProcMount.Remedy}";
        return report;
    }

    private LayerReport Deny(LayerPlan layer, string method, string why)
    {
        Mismatch ??= $"{layer.Layer}: {why}";
        return Report(layer, LayerStatus.Failed, method, why);
    }

    private LayerReport Report(LayerPlan layer, LayerStatus status, string method, string detail) => new()
    {
        Layer = layer.Layer,
        Requirement = layer.Requirement,
        Status = status,
        Method = method,
        Detail = detail,
        Accepted = plan.Accepted.Contains(layer.Layer),
    };
}
