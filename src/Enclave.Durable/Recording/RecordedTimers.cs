using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Recording;

/// <summary>Answers the calls for the time of timers in a run that is recorded: their order among the answers of tools is recorded with them.</summary>
internal sealed class RecordedTimers(IToolInvoker next, TimeProvider clock) : IToolInvoker
{
    public ValueTask<ScriptValue> CallAsync(ToolInvocation call) => TimerWait.Is(call) ? WaitAsync(call) : next.CallAsync(call);

    private async ValueTask<ScriptValue> WaitAsync(ToolInvocation call)
    {
        await Task.Delay(TimerWait.Of(call), clock, call.Context.CancellationToken).ConfigureAwait(false);
        return ScriptValue.Undefined;
    }
}
