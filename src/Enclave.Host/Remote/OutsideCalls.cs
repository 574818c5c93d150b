using System.Collections.Concurrent;
using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Remote;

/// <summary>Routes each tool call of a run to an outside client or to the host. Checks of calls come before it.</summary>
internal sealed class OutsideCalls(IToolInvoker host) : IToolInvoker
{
    private readonly ConcurrentDictionary<uint, Func<CancellationToken, Task<ScriptValue>>> _asks = new();

    /// <summary>The call is answered outside, by this function.</summary>
    public void AnswerOutside(uint call, Func<CancellationToken, Task<ScriptValue>> ask) => _asks[call] = ask;

    public ValueTask<ScriptValue> CallAsync(ToolInvocation call) =>
        _asks.TryRemove(call.Id, out Func<CancellationToken, Task<ScriptValue>>? ask) ? new(ask(call.Context.CancellationToken)) : host.CallAsync(call);
}
