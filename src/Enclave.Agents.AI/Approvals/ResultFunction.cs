using Microsoft.Extensions.AI;

namespace Enclave.Agents.AI.Approvals;

/// <summary>Gives the result of a script that waited for the user.</summary>
internal sealed class ResultFunction(CodeTurn turn, TurnCodeFunction code) : HiddenFunction(FunctionName)
{
    /// <summary>The argument with the name of the run.</summary>
    public const string Run = "run";

    /// <summary>Its name. No tool of scripts has it: theirs begin with a letter.</summary>
    public const string FunctionName = "_code_result";

    public override string Description => "The result of a script that waited for the user.";

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        string run = arguments.TryGetValue(Run, out object? given) ? $"{given}" : "";
        return code.AnswerOf(await turn.FinishAsync(run, cancellationToken).ConfigureAwait(false));
    }
}
