using Enclave.Protocol;

namespace Enclave.Tools;

/// <summary>The last port: the application's own handler.</summary>
internal sealed class HandlerPort(ToolHandler handler) : IToolPort
{
    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        object? result = await handler(call.Name, call.Args, call.Context).ConfigureAwait(false);
        try
        {
            return ScriptValue.From(result);
        }
        catch (ArgumentException fault)
        {
            throw new ToolException(fault.Message, fault) { Code = ToolCode.ResultInvalid };
        }
    }
}
