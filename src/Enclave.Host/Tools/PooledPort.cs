using Enclave.Protocol;
using Enclave.Runs;

namespace Enclave.Tools;

/// <summary>Moves the answers of the next port to the thread pool, for a port before it that works with them.</summary>
internal sealed class PooledPort(IToolPort next) : IToolPort
{
    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call) =>
        await next.CallAsync(call).AsTask().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
}
