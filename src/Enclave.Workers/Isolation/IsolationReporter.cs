using System.Globalization;
using System.Runtime.InteropServices;
using Enclave.Engine;
using Enclave.Isolation.Seccomp;
using Enclave.Linux;

namespace Enclave.Isolation;

/// <summary>Builds the public reports on isolation.</summary>
internal static class IsolationReporter
{
    /// <summary>Risks of the portable engine, whatever its layers.</summary>
    private static readonly string[] s_portableRisks =
    [
        "a hole in V8, ClearScript or .NET: a worker has the rights of the host",
        "memory of earlier runs of the same process: each run has a new V8 runtime, but not a new process",
        "the CPU time of a run counts all threads of its worker, also those of .NET's compiler and garbage collector",
        "the operator, and whoever may write the host's own files",
        "tools: what a handler does with a script's arguments is the handler's own",
    ];

    private static readonly string[] s_risks =
    [
        "a hole in the kernel that is reached through the system calls of the set",
        "side channels of the processor between workers on one core: neither SSBD nor core scheduling is set per worker",
        "the operator, and whoever may write the host's own files",
        "tools: what a handler does with a script's arguments is the handler's own",
    ];

    public static IsolationReport Report(IsolationPlan plan, IReadOnlyList<WorkerIsolation> workers, EngineNote? engine, string version) => new()
    {
        Level = plan.Level,
        Available = plan.Missing.Count == 0,
        Layers = [.. plan.Layers.Select((layer) => Offer(layer, plan))],
        Workers = workers,
        Facts = plan.IsPortable ? PortableFacts(version) : Facts(plan, engine),
        ResidualRisks = plan.IsPortable ? s_portableRisks : s_risks,
    };

    private static LayerReport Offer(LayerPlan layer, IsolationPlan plan) => !layer.Applies ? IsolationCheck.Absent(layer, plan) : new LayerReport
    {
        Layer = layer.Layer,
        Requirement = layer.Requirement,
        Status = LayerStatus.Active,
        Method = "this machine offers it",
        Detail = layer.Detail,
        Accepted = plan.Accepted.Contains(layer.Layer),
    };

    private static SortedDictionary<string, string> PortableFacts(string version) => new(StringComparer.Ordinal)
    {
        ["engine"] = $"portable, {version}",
        ["system"] = RuntimeInformation.OSDescription,
        ["architecture"] = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
    };

    private static SortedDictionary<string, string> Facts(IsolationPlan plan, EngineNote? engine)
    {
        Machine machine = plan.Machine;
        byte[] filter = SeccompFilter.Compile(SeccompTable.Rules, plan.Applies(IsolationLayer.NoExecutableMemory) ? CodeMemory.Frozen : CodeMemory.Growing,
            SeccompRefusal.Kill, ProcessRole.Cell, 1, code: null);
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["engine"] = "native",
            ["kernel"] = Environment.OSVersion.Version.ToString(),
            ["architecture"] = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant(),
            ["host"] = (machine.IsRoot ? "root" : machine.HasRootUser ? "root without CAP_SYS_ADMIN" : "ordinary user") +
                (machine.InContainer ? ", in a container" : ""),
            ["jail"] = plan.Form.ToString().ToLowerInvariant(),
            ["bubblewrap"] = machine.Bubblewrap is null ? "not installed" : machine.BubblewrapFault ?? machine.Bubblewrap,
            ["landlock"] = machine.LandlockAbi == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"ABI {machine.LandlockAbi}"),
            ["cgroups"] = machine.ControlGroups.Detail,
            ["seccomp.instructions"] = (filter.Length / 8).ToString(CultureInfo.InvariantCulture),
            ["seccomp.sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(filter)),
            ["jit"] = plan.Applies(IsolationLayer.Jitless)
                ? "off"
                : IsolationTable.EngineFlags(plan.Level).Contains("--no-opt") ? "without optimising compilers" : "on",
        };
        if (engine is not null)
        {
            facts["engine.v8"] = engine.V8;
            facts["engine.node"] = engine.Node;
            facts["engine.released"] = engine.Released?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "unknown";
        }

        foreach ((string file, string hash) in EngineSeal.Pins) facts[$"sha256.{file}"] = hash;
        foreach ((string name, string state) in Vulnerabilities()) facts[$"cpu.{name}"] = state;
        return facts;
    }

    /// <summary>The kernel's report on the processor's known faults.</summary>
    private static IEnumerable<(string Name, string State)> Vulnerabilities()
    {
        const string Folder = "/sys/devices/system/cpu/vulnerabilities";
        if (!Directory.Exists(Folder)) yield break;
        foreach (string file in Directory.EnumerateFiles(Folder))
        {
            if (ProcFile.Text(file)?.Trim() is { Length: > 0 } state && state != "Not affected") yield return (Path.GetFileName(file), state);
        }
    }
}
