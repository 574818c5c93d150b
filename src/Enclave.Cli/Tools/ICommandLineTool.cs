using Enclave.Protocol;

namespace Enclave.Cli.Tools;

/// <summary>A tool that scripts can call.</summary>
internal interface ICommandLineTool
{
    /// <exception cref="ToolException">The tool failed. The message is for the script.</exception>
    ValueTask<object?> CallAsync(ScriptValue args, CancellationToken cancellationToken);
}
