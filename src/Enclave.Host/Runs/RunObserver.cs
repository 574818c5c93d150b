using System.Collections.Immutable;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Runs;

/// <summary>Is told what happens in a run, as it happens.</summary>
/// <remarks>Called on the worker's thread, on the thread pool and on the clock's, so that two calls may overlap: nothing here may block, or throw.</remarks>
internal abstract class RunObserver
{
    /// <summary>The run is on its way to a worker.</summary>
    public virtual void OnStarted(ExecutionJob job)
    {
    }

    /// <summary>The script wrote these lines.</summary>
    public virtual void OnConsole(ExecutionJob job, IReadOnlyList<ConsoleEntry> lines)
    {
    }

    /// <summary>The script called a tool, and the call is within its limits.</summary>
    public virtual void OnToolCall(ExecutionJob job, ToolInvocation call)
    {
    }

    /// <summary>The tool of a call that is not answered yet says how far it is.</summary>
    public virtual void OnToolProgress(ExecutionJob job, uint call, in ToolProgress progress)
    {
    }

    /// <summary>The tool of a call that is not answered yet gives a part of what will come.</summary>
    public virtual void OnPartialResult(ExecutionJob job, uint call, ImmutableArray<string> path, ScriptValue data)
    {
    }

    /// <summary>A tool answered a run that had not ended.</summary>
    public virtual void OnToolAnswer(ExecutionJob job, ToolInvocation call, ToolOutcome outcome)
    {
    }

    /// <summary>The run has its one answer, which its caller has not seen yet; null when the caller cancelled it.</summary>
    public virtual void OnSettled(ExecutionJob job, ExecutionResult? result)
    {
    }
}
