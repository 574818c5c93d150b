using System.Text.Json;
using Enclave.Models;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI;

/// <summary>The function by which a model waits for a script that was answered before its end.</summary>
internal sealed class WaitFunction(CodeFunctionOptions options, CodeRuns runs) : AIFunction
{
    private static readonly JsonElement s_schema = JsonElement.Parse(CodeRuns.Arguments);

    private static readonly JsonElement s_result = JsonElement.Parse(CodeAnswer.Schema);

    public override string Name => CodeRuns.Wait;

    public override string Description => CodeRuns.Purpose;

    public override JsonElement JsonSchema => s_schema;

    public override JsonElement? ReturnJsonSchema => s_result;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return ReplyContent.Of(await runs.WaitAsync(CodeFunction.OwnerOf(CodeFunction.RunOf(options, arguments)), Argument, cancellationToken)
            .ConfigureAwait(false));

        JsonElement? Argument(string name) => !arguments.TryGetValue(name, out object? given) || given is null ? null
            : given is JsonElement json ? json : JsonSerializer.SerializeToElement(given, AIJsonUtilities.DefaultOptions.GetTypeInfo(given.GetType()));
    }
}
