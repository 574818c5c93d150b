using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Tools;

/// <summary>Moves the answers of the next invoker to the thread pool, for an invoker before it that works with them.</summary>
internal sealed class PooledTools(IToolInvoker next) : IToolInvoker
{
    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call) =>
        await next.CallAsync(call).AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
