using System.Collections.Concurrent;
using Enclave.Diagnostics;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Microsoft.Extensions.Logging;

namespace Enclave.Remote;

/// <summary>
/// The tool calls of one script that runs on another machine, each answered by an outside client or by the host. Disposing it ends the run: tools get their
/// token cancelled, and no call begins any more.
/// </summary>
internal sealed class RemoteRun : IToolInvoker, IDisposable
{
    private readonly ConcurrentDictionary<uint, Func<CancellationToken, Task<ScriptValue>>> _asks = new();
    private readonly Lock _order = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationToken _end;
    private readonly ExecutionJob _job;
    private readonly IToolInvoker _host;
    private readonly ILogger _log;
    private uint _calls;

    /// <param name="host">The host's tools.</param>
    /// <param name="jobOf">Makes the job whose calls end at the given invoker.</param>
    /// <param name="log">The log.</param>
    internal RemoteRun(IToolInvoker host, Func<IToolInvoker, ExecutionJob> jobOf, ILogger log)
    {
        (_host, _log) = (host, log);
        _job = jobOf(this);
        // Taken once: calls may come after the end, and a disposed source gives no token.
        _end = _ended.Token;
    }

    /// <summary>The number of calls.</summary>
    public int Calls => (int)Volatile.Read(ref _calls);

    /// <summary>Makes one call. Never throws: the script gets the failure.</summary>
    public Task<ToolOutcome> CallAsync(string name, ScriptValue args) => CallAsync(name, args, null);

    /// <summary>Makes one call that a client answers instead of a tool of this host, with the same checks. Never throws.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="ask">Gets the answer. Its token is cancelled when the run ends. It is called before this method returns, or never.</param>
    public Task<ToolOutcome> AskAsync(string name, ScriptValue args, Func<CancellationToken, Task<ScriptValue>> ask) => CallAsync(name, args, ask);

    /// <summary>Ends the run: the tokens of its tools are cancelled, and no further call begins.</summary>
    public void Dispose()
    {
        _job.TrySettle(ResultBuilder.Failure(
            new ExecutionError { Code = ErrorCode.Cancelled, Name = ErrorCode.Cancelled.ToCode(), Message = "the run has ended" }, new ExecutionStats(), "",
            _job.RunId));
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <summary>Routes a call, after its checks, to the outside client or to the host.</summary>
    ValueTask<ScriptValue> IToolInvoker.CallAsync(ToolInvocation call) =>
        _asks.TryRemove(call.Id, out Func<CancellationToken, Task<ScriptValue>>? ask) ? new(ask(call.Context.CancellationToken)) : _host.CallAsync(call);

    private async Task<ToolOutcome> CallAsync(string name, ScriptValue args, Func<CancellationToken, Task<ScriptValue>>? ask)
    {
        long start = Linux.Clock.Microseconds;
        try
        {
            ScriptValue value = await Begin(name, args, ask).ConfigureAwait(false);
            long bytes = EncodedSize.Of(value);
            int limit = _job.Limits.MaxValueBytes;
            if (bytes <= limit) return new ToolOutcome(value, null, Took());
            return Failed(new ToolFailure("RangeError", $"the result of {name} is {bytes} bytes; the limit is {limit}", ToolCode.ResultTooLarge));
        }
        catch (ToolException fault)
        {
            return Failed(new ToolFailure(fault.Name, fault.Message, fault.Code));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The run no longer waits for the answer, so this is not a failure of the tool.
            return Failed(new ToolFailure("Error", "the run has ended", null));
        }
#pragma warning disable CA1031 // A tool may throw anything. The log gets the exception, and the run continues.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            if (!_end.IsCancellationRequested)
                Log.ToolFailed(_log, LogText.Name(name), LogText.Name(_job.Options?.Tenant), LogText.Name(_job.RunId), fault);
            return Failed(new ToolFailure(ToolFailure.OfHost, $"{name} failed", ToolCode.Failed));
        }

        TimeSpan Took() => Linux.Clock.Time(Linux.Clock.Microseconds - start);

        ToolOutcome Failed(ToolFailure failure) => new(ScriptValue.Undefined, failure, Took());
    }

    private ToolContext Context() => new(_job.Options?.Context, _job.Options?.Tenant, _job.SourceName, _end) { RunId = _job.RunId };

    private ValueTask<ScriptValue> Begin(string name, ScriptValue args, Func<CancellationToken, Task<ScriptValue>>? ask)
    {
        // A tool must not act for a run that has ended.
        _end.ThrowIfCancellationRequested();
        ToolInvocation call;
        // Checked one by one, in the order of arrival.
        lock (_order)
        {
            call = new ToolInvocation(_job, ++_calls, name, args, Context());
            if (_job.IsObserved) _job.Tell(new ToolCallEvent { Call = call.Id, Name = name, Args = args });
        }

        if (ask is not null) _asks[call.Id] = ask;
        return _job.Tools.CallAsync(call);
    }
}
