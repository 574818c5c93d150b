using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Models;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>A host of scripts as one function of a model.</summary>
internal class CodeFunction(IEnclave enclave, CodeFunctionOptions options) : AIFunction
{
    private const string Code = "code";

    private static readonly JsonElement s_schema = JsonElement.Parse(CodeAnswer.Arguments);

    private static readonly JsonElement s_result = JsonElement.Parse(CodeAnswer.Schema);

    public override string Name => options.Name;

    // Written anew: tools of services and servers may have changed.
    public override string Description =>
        CodeAnswer.Purpose + enclave.DescribeForModelWithin(options.MaxToolTokens, options.Run);

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
        if (code is null) return Answer(new JsonObject { ["error"] = "The argument code is missing: give the whole script as one text." });
        var script = CodeArgument.Read(code);
        if (!script.Success) return Answer(CodeAnswer.Of(script.Error));
        RunOptions run = options.Run ?? new RunOptions();
        if (options.ForCall is { } change) run = change(arguments, run);
        ExecutionResult result = await RunAsync(script.Source, script.ApplyTo(run), cancellationToken).ConfigureAwait(false);
        return AnswerOf(result);
    }

    /// <summary>What the model gets of a run that has ended.</summary>
    internal object AnswerOf(ExecutionResult result) => Answer(CodeAnswer.Of(result, options.MaxResultCharacters));

    /// <summary>Runs the script that the model wrote.</summary>
    protected virtual Task<ExecutionResult> RunAsync(string source, RunOptions run, CancellationToken cancellationToken) =>
        enclave.RunAsync(source, run, cancellationToken);

    private static JsonElement Answer(JsonObject answer) => JsonSerializer.SerializeToElement(answer);
}
