using System.Runtime.CompilerServices;
using Enclave.JavaScript.Text;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;
using Microsoft.Extensions.Logging;

namespace Enclave.Tools;

/// <summary>The registered tools of a host. Calls of unregistered names go to the application's handler, if there is one.</summary>
internal sealed class ToolRegistry : IToolInvoker
{
    private readonly ToolCollection _tools;
    private readonly ApplicationTools? _handler;
    private readonly TimeProvider _clock;
    private readonly ConditionalWeakTable<ToolDefinition, RegisteredTool>.CreateValueCallback _register;

    // The key is the definition, so a tool that a refresh does not change keeps its windows and its queue. A removed tool is forgotten after its last call.
    private readonly ConditionalWeakTable<ToolDefinition, RegisteredTool> _registered = [];

    // The key is the run's own tools, or the host's tools for runs without their own.
    private readonly ConditionalWeakTable<ToolCollection, ToolSuggestions> _suggestions = [];

    public ToolRegistry(ToolSettings settings, ILogger log)
    {
        Approvals = new ApprovalGate(settings, log);
        _clock = settings.Clock;
        _tools = settings.Tools.Copy();
        _register = (tool) => new RegisteredTool(tool, settings, Approvals, (call) => ReferenceEquals(Find(call.Job.Options, call.Name), tool), log);
        if (settings.Handler is { } handler) _handler = new ApplicationTools(handler, settings, log);
    }

    /// <summary>True if the application answers calls of tools that are not registered.</summary>
    public bool HasHandler => _handler is not null;

    /// <summary>The calls that wait for an approval.</summary>
    public ApprovalGate Approvals { get; }

    /// <summary>Calls that are running or wait for their turn, in all tools together.</summary>
    public int UnderWay => _registered.Sum((tool) => tool.Value.UnderWay);

    public ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        if (Find(call.Job.Options, call.Name) is { } tool) return _registered.GetValue(tool, _register).CallAsync(call);
        if (call.Name == ReservedCalls.Sleep) return ReservedCalls.SleepAsync(call, _clock);
        if (ReservedCalls.FailureOf(call) is { } fault) return ValueTask.FromException<ScriptValue>(fault);
        return _handler?.CallAsync(call) ?? ValueTask.FromException<ScriptValue>(Unknown(call));
    }

    /// <summary>Masks the tool's secrets in an answer that came later. A host without the tool has no secrets to mask.</summary>
    /// <inheritdoc cref="RegisteredTool.MaskLaterAsync"/>
    public async Task<ScriptValue> MaskLaterAsync(ToolInvocation call, JournalAnswer answer) => Find(call.Job.Options, call.Name) is { } tool
        ? await _registered.GetValue(tool, _register).MaskLaterAsync(call, answer).ConfigureAwait(false)
        : answer.Take();

    /// <summary>Undoes a call of a tool that declares how.</summary>
    /// <inheritdoc cref="RegisteredTool.UndoAsync"/>
    public Task UndoAsync(ToolDefinition tool, ScriptValue args, ScriptValue answer, ToolContext context) =>
        _registered.GetValue(tool, _register).UndoAsync(args, answer, context);

    /// <summary>True if a call may be made a second time: its tool is declared so, or only reads.</summary>
    public bool IsIdempotent(ToolInvocation call) =>
        Find(call.Job.Options, call.Name) is { Options: { } options } && (options.Idempotent || options.Effects == ToolEffects.Reads);

    /// <summary>The run's own tool of this name, or the host's.</summary>
    public ToolDefinition? Find(RunOptions? run, string name)
    {
        if (ToolCollection.Of(run) is { } own && own.TryGet(name, out ToolDefinition? tool)) return tool;
        return _tools.TryGet(name, out tool) ? tool : null;
    }

    /// <summary>True if a run may call a tool that needs an approval.</summary>
    public bool MayAsk(RunOptions? run) => (ToolCollection.Of(run) ?? []).Concat(_tools)
        .Any((tool) => tool.Options.RequiresApproval && tool.IsOpenTo(run?.Tenant));

    /// <summary>True if a run has tools whose names and schemas are known.</summary>
    public bool HasTools(RunOptions? run) => _tools.Count > 0 || ToolCollection.Of(run) is { Count: > 0 };

    /// <summary>The tool that a run would call by this name, if its tenant may know it; null for others.</summary>
    public ToolDefinition? Open(RunOptions? run, string name) =>
        Find(run, name) is { } tool && tool.IsOpenTo(run?.Tenant) && !IsForbidden(run, name) ? tool : null;

    /// <summary>True if a script that is judged before it is saved may not call this tool. Runs meet the policy at their call.</summary>
    private static bool IsForbidden(RunOptions? run, string name) => run is { IsJudged: true, AllowsTool: { } allows } && !allows(name);

    private ToolException Unknown(ToolInvocation call) => ToolFault.Of(
        ToolCode.Unknown, "there is no tool " + NameAndHint(call.Name, call.Job.Options, Suggestions(call.Job.Options), meter: null));

    /// <summary>
    /// A sentence on why a run cannot call a tool of this name; null if it can, or if the application's handler decides. Beyond the meter's limit
    /// it has no hint.
    /// </summary>
    public Func<string, WorkMeter, string?> WhyNot(RunOptions? run)
    {
        ToolSuggestions? suggestions = null;
        return (name, meter) =>
        {
            if (IsForbidden(run, name)) return $"The policy of the tenant does not allow the tool {name}";
            if (_handler is not null || ToolCollection.Of(run)?.TryGet(name, out _) == true || _tools.TryGet(name, out _)) return null;
            // The names stay the same for one script.
            suggestions ??= Suggestions(run);
            return "There is no tool " + NameAndHint(name, run, suggestions, meter);
        };
    }

    private ToolSuggestions Suggestions(RunOptions? run)
    {
        ToolCollection? own = ToolCollection.Of(run);
        ToolCollection key = own ?? _tools;
        ToolSuggestions? earlier = _suggestions.TryGetValue(key, out ToolSuggestions? known) ? known : null;
        ToolSuggestions now = ToolSuggestions.Of(_tools, own, earlier);
        if (now != earlier) _suggestions.AddOrUpdate(key, now);
        return now;
    }

    private static string NameAndHint(string name, RunOptions? run, ToolSuggestions suggestions, WorkMeter? meter)
    {
        try
        {
            // A short search takes no step that reads the clock.
            meter?.CheckLimits();
            return Shown(name) + suggestions.For(name, run?.Tenant, meter);
        }
        catch (WorkLimitException)
        {
            return Shown(name);
        }
    }

    private static string Shown(string name) => ScriptValue.OfString(name).ToString();
}
