using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>Where the tool calls of a run go. Ports are stacked: one that judges, changes or keeps something passes the call on to the next.</summary>
internal interface IToolPort
{
    /// <summary>The tool's value.</summary>
    /// <exception cref="ToolException">A failure as the script shall see it; of any other exception it sees nothing but that there was one.</exception>
    ValueTask<ScriptValue> CallAsync(ToolInvocation call);

    /// <summary>True if the call may be taken on the worker's own thread: nothing of the application's runs in it, and nothing blocks.</summary>
    bool TakesAtOnce(ToolInvocation call) => false;
}
