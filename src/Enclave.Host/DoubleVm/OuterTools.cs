using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.DoubleVm;

/// <summary>The tools of an outer isolate: only the operations of its loop.</summary>
internal sealed class OuterTools(OuterRun run) : IToolInvoker
{
    public bool TakesAtOnce(ToolInvocation call) => call.Name == PolicyScript.Next;

    public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => call.Name switch
    {
        PolicyScript.Next => Next(call),
        PolicyScript.Call => new ValueTask<ScriptValue>(run.CallAsync(call.Args)),
        _ => throw new ToolException($"there is no operation {call.Name}"),
    };

    private ValueTask<ScriptValue> Next(ToolInvocation call)
    {
        Task<ScriptValue> next = run.NextAsync(call.Args);
        // The call's arguments have been read, and the lane may wait for long.
        call.Memory.GiveBack();
        return new ValueTask<ScriptValue>(next);
    }
}
