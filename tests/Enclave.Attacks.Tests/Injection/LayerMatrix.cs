using Enclave.Isolation;
using Enclave.Tests;

namespace Enclave.Attacks.Tests.Injection;

/// <summary>The kernel's answer to each attack from inside a worker, with all layers and with some removed: a line per attack, a column per plan.</summary>
internal sealed class LayerMatrix
{
    /// <summary>The column with all layers.</summary>
    public const string Whole = "all layers";

    /// <summary>The layers that the kernel enforces. The others belong to the host or to V8 and do not stop native code.</summary>
    public static readonly IsolationLayer[] KernelLayers =
    [
        IsolationLayer.Seccomp, IsolationLayer.FileSystem, IsolationLayer.Namespaces, IsolationLayer.DroppedUser, IsolationLayer.ResourceLimits,
        IsolationLayer.ControlGroup,
        IsolationLayer.NoExecutableMemory,
    ];

    private readonly List<string> _columns = [];

    private readonly Dictionary<(string Column, Attack Attack), CallOutcome> _cells = [];

    private LayerMatrix(IReadOnlyList<Attack> attacks) => Attacks = attacks;

    public IReadOnlyList<Attack> Attacks { get; }

    public IReadOnlyList<string> Columns => _columns;

    /// <summary>The columns in which an attack reached its goal.</summary>
    public IEnumerable<(string Column, Attack Attack)> Holes => _cells.Where((cell) => cell.Key.Attack.GotThrough(cell.Value)).Select((cell) => cell.Key);

    /// <summary>A column with all of the plan's layers, and one without each of them.</summary>
    public static Task<LayerMatrix> WithoutEach(IsolationPlan plan, IReadOnlyList<Attack> attacks) =>
        Measure(attacks, [(Whole, plan), .. KernelLayers.Where(plan.Applies).Select((layer) => Without(plan, layer))]);

    /// <summary>One column: without the system call filter.</summary>
    public static Task<LayerMatrix> WithoutFilter(IsolationPlan plan, IReadOnlyList<Attack> attacks) =>
        Measure(attacks, [Without(plan, IsolationLayer.Seccomp)]);

    /// <summary>Without the filter and one more layer: shows the value of the other layers by themselves.</summary>
    public static Task<LayerMatrix> WithoutFilterAndEach(IsolationPlan plan, IReadOnlyList<Attack> attacks) =>
        Measure(attacks, [.. KernelLayers.Where((layer) => layer != IsolationLayer.Seccomp && plan.Applies(layer)).Select(
            (layer) => Without(plan, IsolationLayer.Seccomp, layer))]);

    public CallOutcome this[string column, Attack attack] => _cells[(column, attack)];

    /// <summary>A table for people. Successful attacks stand out. Plans with the same answers share a column, and then attacks a row.</summary>
    public string ToMarkdown()
    {
        (string Name, string[] Cells)[] columns = Merged(
            Columns.Select((column) => (column, Attacks.Select((attack) => Cell(attack, this[column, attack])).ToArray())));
        (string Name, string[] Cells)[] rows = Merged(
            Attacks.Select((attack, i) => (attack.Name, columns.Select((column) => column.Cells[i]).ToArray())));
        return string.Join('\n', [Row(["", .. columns.Select((column) => column.Name)]), Row(Enumerable.Repeat("---", columns.Length + 1)),
            .. rows.Select((row) => Row([row.Name, .. row.Cells]))]) + "\n";
    }

    private static (string Name, string[] Cells)[] Merged(IEnumerable<(string Name, string[] Cells)> lines) =>
        [.. lines.GroupBy((line) => string.Join('|', line.Cells)).Select((same) => (string.Join("; ", same.Select((line) => line.Name)), same.First().Cells))];

    private static string Cell(Attack attack, CallOutcome outcome) => attack.GotThrough(outcome) ? "**done**" : outcome.ToString();

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static (string, IsolationPlan) Without(IsolationPlan plan, params IsolationLayer[] layers)
    {
        IsolationPlan rest = plan.Without(layers);
        return ("no " + string.Join(", ", KernelLayers.Where((layer) => plan.Applies(layer) && !rest.Applies(layer))), rest);
    }

    private static async Task<LayerMatrix> Measure(IReadOnlyList<Attack> attacks, IReadOnlyList<(string Name, IsolationPlan Plan)> columns)
    {
        var matrix = new LayerMatrix(attacks);
        using var target = new AttackTarget();
        foreach ((string name, IsolationPlan plan) in columns)
        {
            matrix._columns.Add(name);
            await using var host = new InjectedHost(plan);
            await AssertAsPlanned(host, plan);
            foreach (Attack attack in attacks) matrix._cells[(name, attack)] = await host.Attack((tracee) => attack.Make(tracee, target));
        }

        return matrix;
    }

    /// <summary>A column proves nothing if a layer is there that it declares off, or is missing that should be there.</summary>
    private static async Task AssertAsPlanned(InjectedHost host, IsolationPlan plan)
    {
        foreach (LayerReport seen in await host.Layers())
        {
            if (KernelLayers.Contains(seen.Layer))
                Assert.True(seen.Status == LayerStatus.Active == plan.Applies(seen.Layer), $"{seen.Layer} is {seen.Status}: {seen.Detail}");
        }
    }
}
