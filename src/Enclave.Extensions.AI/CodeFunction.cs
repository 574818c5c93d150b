using System.Text.Json;
using Enclave.Models;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>A host of scripts as one function of a model.</summary>
/// <param name="enclave">The host.</param>
/// <param name="options">Its options.</param>
/// <param name="runs">The runs that answer before they end; null if all answer at their end.</param>
internal class CodeFunction(IEnclave enclave, CodeFunctionOptions options, CodeRuns? runs) : AIFunction
{
    private const string Code = "code";

    private static readonly JsonElement s_schema = JsonElement.Parse(CodeAnswer.Arguments);

    private static readonly JsonElement s_result = JsonElement.Parse(CodeAnswer.Schema);

    private int _tokens;

    public override string Name => options.Name;

    // Written anew: tools of services and servers may have changed.
    public override string Description
    {
        get
        {
            string text = CodeAnswer.Purpose(options.MaxResultTokens)
                + enclave.DescribeForModelWithin(options.MaxToolTokens, RunOptions.OfModel(options.Run));
            _tokens = TokenEstimate.Of(text.Length);
            return text;
        }
    }

    public override JsonElement JsonSchema => s_schema;

    public override JsonElement? ReturnJsonSchema => s_result;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        string? code = arguments.TryGetValue(Code, out object? given) ? given switch
        {
            string text => text,
            JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
            _ => null,
        } : null;
        if (code is null)
            return ReplyContent.Of(CodeAnswer.Failure("The argument code is missing: give the whole script as one text.", options.MaxResultTokens));
        var script = CodeArgument.Read(code, cancellationToken);
        if (!script.Success) return ReplyContent.Of(CodeAnswer.Of(script.Error, options.MaxResultTokens));
        RunOptions run = script.ApplyTo(RunOf(options, arguments)) with { DeclarationTokens = _tokens == 0 ? null : _tokens };
        AnswerLimits limits = LimitsOf(run);
        return ReplyContent.Of(runs is null
            ? CodeAnswer.Of(await RunAsync(script.Source, run, cancellationToken).ConfigureAwait(false), limits)
            : await runs.RunAsync(
                OwnerOf(run), (print, token) => RunAsync(script.Source, Printing(run, print), token), limits, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The model's answer for a run that has ended.</summary>
    internal object AnswerOf(ExecutionResult result) => ReplyContent.Of(CodeAnswer.Of(result, LimitsOf(options.Run)));

    /// <summary>Runs the script that the model wrote.</summary>
    protected virtual Task<ExecutionResult> RunAsync(string source, RunOptions run, CancellationToken cancellationToken) =>
        enclave.RunAsync(source, run, cancellationToken);

    private AnswerLimits LimitsOf(RunOptions? run) => new(options.MaxResultTokens, options.MaxContentBytes, run?.Conversation is not null);

    /// <summary>The options of the runs of one call.</summary>
    public static RunOptions RunOf(CodeFunctionOptions options, AIFunctionArguments call)
    {
        RunOptions run = options.Run ?? new RunOptions();
        return options.ForCall is { } change ? change(call, run) : run;
    }

    /// <summary>Who may wait for a run.</summary>
    public static (string? Tenant, string? Conversation) OwnerOf(RunOptions run) => (run.Tenant, run.Conversation);

    private static RunOptions Printing(RunOptions run, Action<string> print)
    {
        Action<ConsoleLine>? own = run.OnConsole;
        return run with
        {
            OnConsole = (line) =>
            {
                print($"{line.Text}\n");
                own?.Invoke(line);
            },
        };
    }
}
