using Enclave.Limits;
using Enclave.Protocol;

namespace Enclave.Runs;

/// <summary>One call of a tool, by its number in the run.</summary>
internal sealed class ToolInvocation(ExecutionJob job, uint id, string name, ScriptValue args, ToolContext context)
{
    public ExecutionJob Job { get; } = job;

    public uint Id { get; } = id;

    public string Name { get; } = name;

    public ScriptValue Args { get; } = args;

    public ToolContext Context { get; } = context;

    /// <summary>The host's memory of the arguments. Code that uses them after the call is answered must retain it.</summary>
    public HeldMemory Memory { get; init; } = HeldMemory.None;
}
