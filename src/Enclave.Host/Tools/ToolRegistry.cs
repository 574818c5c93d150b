using System.Runtime.CompilerServices;
using Enclave.Guard.Rules;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;
using Microsoft.Extensions.Logging;

namespace Enclave.Tools;

/// <summary>The registered tools of a host. Calls of unregistered names go to the application's handler, if there is one.</summary>
internal sealed class ToolRegistry : IToolInvoker
{
    private const int ShownNames = 5;

    private readonly ToolCollection _tools;
    private readonly ApplicationTools? _handler;
    private readonly ConditionalWeakTable<ToolDefinition, RegisteredTool>.CreateValueCallback _register;

    // By definition: a tool that a refresh does not change keeps its windows and its queue, and a removed one is forgotten after its last call.
    private readonly ConditionalWeakTable<ToolDefinition, RegisteredTool> _registered = [];

    public ToolRegistry(ToolSettings settings, ILogger log)
    {
        Approvals = new ApprovalGate(settings, log);
        _tools = settings.Tools.Copy();
        _register = (tool) => new RegisteredTool(tool, settings, Approvals, log);
        if (settings.Handler is { } handler) _handler = new ApplicationTools(handler, settings, log);
    }

    /// <summary>The calls that wait for an approval.</summary>
    public ApprovalGate Approvals { get; }

    /// <summary>Calls that are running or wait for their turn, in all tools together.</summary>
    public int UnderWay => _registered.Sum((tool) => tool.Value.UnderWay);

    public ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        if (Find(call) is { } tool) return _registered.GetValue(tool, _register).CallAsync(call);
        return _handler?.CallAsync(call) ?? ValueTask.FromException<ScriptValue>(Unknown(call));
    }

    /// <summary>The run's own tool of this name, or the host's.</summary>
    private ToolDefinition? Find(ToolInvocation call)
    {
        if (ToolCollection.Of(call.Job.Options) is { } own && own.TryGet(call.Name, out ToolDefinition? tool)) return tool;
        return _tools.TryGet(call.Name, out tool) ? tool : null;
    }

    private ToolException Unknown(ToolInvocation call) => ToolFault.Of(ToolCode.Unknown, UnknownText(call.Name, call.Job.Options));

    /// <summary>Why a run cannot call a tool of this name; null if it can, or if the application's handler decides.</summary>
    public string? WhyNot(string name, RunOptions? run)
    {
        if (_handler is not null || ToolCollection.Of(run)?.TryGet(name, out _) == true || _tools.TryGet(name, out _)) return null;
        return UnknownText(name, run);
    }

    private string UnknownText(string name, RunOptions? run)
    {
        string[] open =
            [.. _tools.And(ToolCollection.Of(run)).Where((tool) => tool.IsOpenTo(run?.Tenant)).Select((tool) => tool.Name).Order(StringComparer.Ordinal)];
        if (open.Length == 0) return $"there is no tool {Shown(name)}: no tool is open to this run";
        string[] near = [.. Near(name, open).Distinct(StringComparer.Ordinal).Take(ShownNames)];
        string hint = near.Length > 0 ? $"did you mean {string.Join(" or ", near)}?"
            : open.Length <= ShownNames ? $"there {(open.Length == 1 ? "is" : "are")} {string.Join(", ", open)}"
            : $"there are {string.Join(", ", open.Take(ShownNames))} and {open.Length - ShownNames} more";
        return $"there is no tool {Shown(name)}; {hint}";
    }

    /// <summary>Similar names: typing errors first, then names with common parts, the most of them first.</summary>
    private static IEnumerable<string> Near(string name, string[] open)
    {
        if (NameHints.Nearest(name, open) is { } nearest) yield return nearest;
        HashSet<string> parts = new(Parts(name), StringComparer.OrdinalIgnoreCase);
        var related = open.Select((candidate) => (Name: candidate, Shared: Parts(candidate).Count(parts.Contains))).Where((candidate) => candidate.Shared > 0);
        foreach ((string candidate, _) in related.OrderByDescending((candidate) => candidate.Shared)) yield return candidate;

        static IEnumerable<string> Parts(string name) => name.Split(':', '-', '_').Where((part) => part.Length > 2);
    }

    private static string Shown(string name) => ScriptValue.OfString(name).ToString();
}
