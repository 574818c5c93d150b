using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>A durable session waits for the client's own tools, for days if need be. All other calls are the host's.</summary>
internal sealed class ClientWaits(DurableSession session, LongWaits waits, IToolInvoker host, TimeProvider clock) : IToolInvoker
{
    /// <summary>Arguments have to fit into one event of the session.</summary>
    private const int MaxArgumentBytes = 1 << 20;

    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        if (!session.OutsideTools.Contains(call.Name)) return await host.CallAsync(call).ConfigureAwait(false);
        if (EncodedSize.Of(call.Args) > MaxArgumentBytes)
        {
            throw ToolFault.Of(
                ToolCode.ArgumentsTooLarge, $"the arguments of {call.Name} are larger than {MaxArgumentBytes} bytes, the most for a client's tool");
        }

        DateTimeOffset? until = clock.GetUtcNow() + session.ToolTimeout;
        return (await waits.WaitAsync(call, WaitKind.Tool, call.Name, LongWaits.NewToken(), until).ConfigureAwait(false)).Take();
    }
}
