using Enclave.Limits;
using Enclave.Models;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>Gives scripts the functions that an agent would call one by one.</summary>
public static class AIToolExtensions
{
    /// <summary>
    /// Adds functions as tools of scripts: with their names, descriptions and schemas. An <see cref="ApprovalRequiredAIFunction"/> is approved call by call
    /// (<see cref="EnclaveOptions.OnToolApproval"/>).
    /// </summary>
    /// <param name="tools">The tools of a host or of a run.</param>
    /// <param name="functions">The functions. Each must be an <see cref="AIFunction"/>: one that only a model's provider can call is refused.</param>
    /// <param name="prefix">The first part of their names, before a colon; null for none.</param>
    /// <param name="limits">Returns the limits of each function, given the limits from the function itself (description, approval); null to keep those.</param>
    /// <returns>The same collection.</returns>
    /// <remarks>
    /// A function finds the run's <see cref="ToolContext"/> in <see cref="AIFunctionArguments.Context"/>, under its type. Its exceptions stay in the host,
    /// except
    /// <see cref="ToolException"/>.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// A name is taken or is not one that scripts may call (docs/tools.md), a tool is not a function, or a limit is out of its range.
    /// </exception>
    /// <exception cref="InvalidOperationException">A host was created with this collection already, and would not have the new tools.</exception>
    public static ToolCollection AddAIFunctions(
        this ToolCollection tools, IEnumerable<AITool> functions, string? prefix = null, Func<AIFunction, ToolOptions, ToolOptions>? limits = null)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(functions);
        // All or none: a fault in the middle must not leave half of them.
        ToolDefinition[] made = [.. functions.Select((tool) => FunctionTool.Of(tool, prefix, limits))];
        foreach (ToolDefinition tool in made) tools.Add(tool);
        return tools;
    }

    /// <summary>
    /// One function for any <c>IChatClient</c> that runs what the model writes: <c>run_code</c>. Its description says what a script may write and which tools
    /// there are.
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="options">Its name, and what its runs have; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static AIFunction AsAIFunction(this IEnclave enclave, CodeFunctionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(enclave);
        options ??= new CodeFunctionOptions();
        Check(options);
        return options.YieldAfter is null ? new CodeFunction(enclave, options, runs: null)
            : throw new ArgumentException("YieldAfter needs AsAIFunctions, which has the function that waits.", nameof(options));
    }

    /// <summary>
    /// The function of <see cref="AsAIFunction"/>, and with it <c>search_tools</c> and <c>describe_tools</c>: for hosts whose tools may not fit into
    /// <see cref="CodeFunctionOptions.MaxToolTokens"/>. A model then reads the declarations of the tools that it finds. With
    /// <see cref="CodeFunctionOptions.YieldAfter"/> also <c>wait_code</c>.
    /// </summary>
    /// <inheritdoc cref="AsAIFunction"/>
    public static IReadOnlyList<AIFunction> AsAIFunctions(this IEnclave enclave, CodeFunctionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(enclave);
        options ??= new CodeFunctionOptions();
        Check(options);
        TimeProvider? clock = enclave.Parts is { } host ? new SteadyClock(host.Settings.Options.TimeProvider) : null;
        CodeRuns? runs = CodeRuns.Of(options.YieldAfter, options.MaxResultTokens, clock);
        var catalogue = new CatalogueFunctions(enclave, options);
        AIFunction[] all = [new CodeFunction(enclave, options, runs), catalogue.Search(), catalogue.Describe()];
        return runs is null ? all : [.. all, new WaitFunction(options, runs)];
    }

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal static void Check(CodeFunctionOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Name)) throw new ArgumentException("CodeFunctionOptions.Name is empty.", nameof(options));
        AnswerLimits.Check(options.MaxResultTokens, options.MaxContentBytes);
        if (options.MaxToolTokens is < 100 or > 1_000_000)
            throw new ArgumentException($"MaxToolTokens is {options.MaxToolTokens}; its range is 100 to 1000000.", nameof(options));
    }
}
