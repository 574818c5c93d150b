using Enclave.Protocol;

namespace Enclave.Cli.Tools;

/// <summary>Something a script may call.</summary>
internal interface ICommandLineTool
{
    /// <exception cref="ToolException">It failed, in words for the script.</exception>
    ValueTask<object?> CallAsync(ScriptValue args, CancellationToken cancellationToken);
}
