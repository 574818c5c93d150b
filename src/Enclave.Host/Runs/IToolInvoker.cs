using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>Invokes the tools of a run. Invokers are stacked: one that checks, changes or records a call passes it on to the next.</summary>
internal interface IToolInvoker
{
    /// <summary>Returns the tool's value.</summary>
    /// <exception cref="ToolException">A failure that the script sees. After any other exception the script learns only that the tool failed.</exception>
    ValueTask<ScriptValue> CallAsync(ToolInvocation call);

    /// <summary>True if the call may be handled on the worker's own thread: it runs no code of the application and never blocks.</summary>
    bool TakesAtOnce(ToolInvocation call) => false;
}
