using Enclave.Protocol;

namespace Enclave.Cli.Tools;

/// <summary>Answers every call with the same value.</summary>
internal sealed class FixedTool(ScriptValue answer) : ICommandLineTool
{
    public ValueTask<object?> CallAsync(ScriptValue args, CancellationToken cancellationToken) => new(answer);
}
