using Enclave.Extensions.AI;
using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI;

/// <summary>The functions of a provider at one moment, as tools of scripts.</summary>
internal sealed class ProvidedTools
{
    private readonly ToolCollection _asking, _plain;

    /// <exception cref="ArgumentException">A function cannot be a tool.</exception>
    public ProvidedTools(IReadOnlyList<AITool> functions)
    {
        Functions = functions;
        NeedApproval = functions.Any((function) => function.GetService<ApprovalRequiredAIFunction>() is not null);
        _asking = Asking(new ToolCollection());
        _plain = Plain(new ToolCollection());
    }

    public IReadOnlyList<AITool> Functions { get; }

    /// <summary>True if a function needs approval.</summary>
    public bool NeedApproval { get; }

    /// <summary>The options with these tools added before their own.</summary>
    /// <param name="run">The options.</param>
    /// <param name="asksCalls">True if calls wait for the user's decision; false if the script as a whole is approved.</param>
    public RunOptions AddTo(RunOptions run, bool asksCalls)
    {
        if (Functions.Count == 0) return run;
        // One collection for all runs, so that limits of a tool count over them.
        if (run.Tools is not ToolCollection others) return run with { Tools = asksCalls ? _asking : _plain };
        var tools = new ToolCollection();
        foreach (ToolDefinition other in others.Where((other) => Functions.All((function) => function.Name != other.Name))) tools.Add(other);
        return run with { Tools = asksCalls ? Asking(tools) : Plain(tools) };
    }

    private ToolCollection Asking(ToolCollection tools) =>
        tools.AddAIFunctions(Functions, limits: static (_, options) => options with { IsDecidedLater = true });

    private ToolCollection Plain(ToolCollection tools) =>
        tools.AddAIFunctions(Functions, limits: static (_, options) => options with { RequiresApproval = false });
}
