using System.Collections.Immutable;
using Enclave.Protocol;
using Enclave.Protocol.Messages;

namespace Enclave.Runs;

/// <summary>Observes the events of a run as they happen.</summary>
/// <remarks>Called on the worker's thread, on the thread pool and on the clock's thread, so calls
/// may overlap. Implementations must not block or throw.</remarks>
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

    /// <summary>The tool of an open call reports its progress.</summary>
    public virtual void OnToolProgress(ExecutionJob job, uint call, in ToolProgress progress)
    {
    }

    /// <summary>The tool of an open call gives a part of its result.</summary>
    public virtual void OnPartialResult(ExecutionJob job, uint call, ImmutableArray<string> path, ScriptValue data)
    {
    }

    /// <summary>A tool answered while the run had not ended.</summary>
    public virtual void OnToolAnswer(ExecutionJob job, ToolInvocation call, ToolOutcome outcome)
    {
    }

    /// <summary>The run has its answer, before its caller sees it; null if the caller cancelled it.</summary>
    public virtual void OnSettled(ExecutionJob job, ExecutionResult? result)
    {
    }
}
