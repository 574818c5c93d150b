using Enclave.Diagnostics;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Runs;
using Enclave.Workers;
using Microsoft.Extensions.Logging;

namespace Enclave.Tools;

/// <summary>The last invoker: the application's own handler, for names that are not registered.</summary>
internal sealed class ApplicationTools(ToolHandler handler, ToolSettings settings, ILogger log) : IToolInvoker
{
    public async ValueTask<ScriptValue> CallAsync(ToolInvocation call)
    {
        // Retained until the handler ends, even if the run no longer waits for it.
        call.Memory.Retain();
        try
        {
            object? result = await BeginAsync(call).ConfigureAwait(false);
            if (result is LaterResult later) return (await ToolResult.WaitAsync(call, later, settings.Clock).ConfigureAwait(false)).Take();
            return ToolResult.From(result);
        }
        catch (OperationCanceledException) when (call.Context.CancellationToken.IsCancellationRequested)
        {
            // The run has ended, so the exception has no reader.
            throw;
        }
        catch (Exception fault) when (fault is not (ToolException or JournalException))
        {
            Log.ToolFailed(log, LogText.Name(call.Name), LogText.Name(call.Context.Tenant), LogText.Name(call.Job.RunId), fault);
            if (settings.DetailedErrors) throw new ToolException(fault.Message, fault);
            throw ToolFault.Failed(call.Name, settings.VerboseErrors ? fault.Message : null, fault);
        }
        finally
        {
            call.Memory.Release();
        }
    }

    /// <summary>Calls the handler, on this thread if it is one for handlers.</summary>
    private ValueTask<object?> BeginAsync(ToolInvocation call)
    {
        HandlerTurns turns = call.Job.Turns;
        return HandlerThreads.TryBegin(turns) ? handler(call.Name, call.Args, call.Context)
            : new(turns.Run(() => handler(call.Name, call.Args, call.Context).AsTask()));
    }
}
