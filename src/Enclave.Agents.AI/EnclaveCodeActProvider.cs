using Enclave.Agents.AI.Approvals;
using Enclave.Extensions.AI;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI;

/// <summary>
/// Gives an agent one function, <c>run_code</c>, that runs the scripts of its model on a host, and says in its instructions what it is for. Thread-safe: one
/// provider serves any number of sessions at the same time. An agent can have one.
/// </summary>
/// <remarks>
/// Functions of the provider are tools of scripts: the model does not see them among its own. Calls that wait for the user are kept in the agent's session.
/// </remarks>
public sealed class EnclaveCodeActProvider : AIContextProvider
{
    private readonly IEnclave _enclave;
    private readonly EnclaveCodeActOptions _options;
    private readonly Lock _gate = new();
    private ProvidedTools _tools;

    /// <summary>Creates a provider over a host, which the application disposes.</summary>
    /// <param name="enclave">The host.</param>
    /// <param name="options">Its functions, and what its runs have; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or a function cannot be a tool (docs/tools.md).</exception>
    public EnclaveCodeActProvider(IEnclave enclave, EnclaveCodeActOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(enclave);
        _enclave = enclave;
        _options = options ?? new EnclaveCodeActOptions();
        AIToolExtensions.Check(_options.Function);
        if (_options.Function.ForCall is not null) throw new ArgumentException(
            "EnclaveCodeActOptions.Function has ForCall, which knows nothing of the session: use EnclaveCodeActOptions.ForInvocation.", nameof(options));
        if (_options.Function.YieldAfter is not null) throw new ArgumentException(
            "EnclaveCodeActOptions.Function has YieldAfter, and an agent's invocation waits for its scripts: leave it out.", nameof(options));
        if (!Enum.IsDefined(_options.Approval)) throw new ArgumentException($"Approval is {_options.Approval}, which is not defined.", nameof(options));
        _tools = new ProvidedTools([.. _options.Tools]);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateKeys { get; } = [CodeStates.Key];

    /// <summary>Adds functions for scripts of later invocations. A function with the name of an earlier one replaces it.</summary>
    /// <exception cref="ArgumentException">A function cannot be a tool; none was added.</exception>
    public void AddTools(params IReadOnlyCollection<AITool> tools)
    {
        ArgumentNullException.ThrowIfNull(tools);
        Change((present) => [.. present.Where((old) => tools.All((tool) => tool.Name != old.Name)), .. tools]);
    }

    /// <summary>The present functions.</summary>
    public IReadOnlyList<AITool> GetTools() => Tools.Functions;

    /// <summary>Removes functions by their names from scripts of later invocations.</summary>
    public void RemoveTools(params IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Change((present) => [.. present.Where((tool) => !names.Contains(tool.Name))]);
    }

    /// <summary>Removes all functions from scripts of later invocations. The host's tools stay.</summary>
    public void ClearTools() => Change(static (_) => []);

    /// <inheritdoc/>
    protected override async ValueTask<AIContext> ProvideAIContextAsync(InvokingContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ProvidedTools tools = Tools;
        RunOptions run = _options.Function.Run ?? new RunOptions();
        if (_options.ForInvocation is { } change) run = change(context, run);
        var host = _enclave as EnclaveHost;
        bool asksCalls = _options.Approval == CodeApproval.Calls && host?.HasDurableRuns == true && context.Session is not null
            && context.Agent.GetService<CodeApprovalClient>() is not null;
        run = tools.AddTo(run, asksCalls);
        CodeTurn? turn = null;
        if (asksCalls)
        {
            turn = new CodeTurn(host!, run, new CodeStates(context.Session!), Names(context.AIContext.Tools));
            await turn.BeginAsync(context.AIContext.Messages ?? [], cancellationToken).ConfigureAwait(false);
        }

        bool asksScripts = _options.Approval == CodeApproval.Scripts || (!asksCalls && tools.NeedApproval);
        return new AIContext { Instructions = _options.Instructions ?? Instructions(_options.Function.Name), Tools = Functions(run, turn, asksScripts) };
    }

    private static HashSet<string> Names(IEnumerable<AITool>? tools) => [.. (tools ?? []).Select((tool) => tool.Name)];

    private ProvidedTools Tools
    {
        get
        {
            lock (_gate) return _tools;
        }
    }

    private void Change(Func<IReadOnlyList<AITool>, IReadOnlyList<AITool>> change)
    {
        lock (_gate) _tools = new ProvidedTools(change(_tools.Functions));
    }

    private List<AITool> Functions(RunOptions run, CodeTurn? turn, bool asksScripts)
    {
        CodeFunctionOptions options = _options.Function with { Run = run };
        var code = new TurnCodeFunction(_enclave, options, turn);
        List<AITool> functions = [asksScripts ? new ApprovalRequiredAIFunction(code) : code];
        var catalogue = new CatalogueFunctions(_enclave, options);
        if (code.HasIndex) functions.AddRange([catalogue.Search(), catalogue.Describe()]);
        if (turn is not null) functions.AddRange(turn.Functions(code));
        return functions;
    }

    private static string Instructions(string name) =>
        $"You can run a script with {name}: use it to compute, and to call the tools that its description declares, all that a task needs in one script. "
        + "They cannot be called in another way. Nothing of a script is kept for the next one but what it returns.";
}
