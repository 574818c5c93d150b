using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Remote;
using Enclave.Runs;
using Enclave.SessionWire;
using Enclave.Streaming;
using Enclave.Tools;
using Microsoft.Extensions.Logging;
using ToolProgress = Enclave.Streaming.ToolProgress;

namespace Enclave.Broker.Executors;

/// <summary>Runs one session on one runtime: passes its events to the client, and its tool calls to the tools or the client and back.</summary>
internal sealed class RemoteAttempt(BrokerSession session, TimeSpan endTimeout, RemoteTools tools, TimeProvider clock, ILogger log)
    : IClientCalls, IDisposable
{
    private const int MaxCallsAtOnce = 64;

    /// <summary>Longer ids of calls are invalid, because the session keeps the ids until the runtime ends the calls.</summary>
    private const int MaxIdCharacters = 200;

    /// <summary>Memory of a waiting call beside its arguments and name.</summary>
    private const int CallOverhead = 1024;

    /// <summary>Codes of a runtime that did not start the session.</summary>
    private static readonly HashSet<string> s_refusals = [SessionCode.RuntimeBusy, SessionCode.RuntimeStopping, SessionCode.Exists];

    private readonly RunOptions _run = new() { Tenant = session.Caller.Tenant, RunId = session.Id, Context = new BrokerRun(session.Id, session.Caller.Owner) };
    private readonly SemaphoreSlim _callsAtOnce = new(MaxCallsAtOnce, MaxCallsAtOnce);
    private readonly ConcurrentDictionary<string, TaskCompletionSource<ScriptValue>> _asked = new(StringComparer.Ordinal);
    private RemoteRun? _calls;
    private bool _told;
    private long _stdout;
    private long _waitingBytes;

    /// <summary>Called when a runtime has accepted the session.</summary>
    public Action? Opened { get; init; }

    /// <summary>Number of tool calls so far.</summary>
    public int Calls => _calls?.Calls ?? 0;

    /// <summary>Bytes that the script has printed.</summary>
    public long StdoutBytes => _stdout;

    /// <summary>Why no runtime will run the session; null otherwise.</summary>
    public ErrorInfo? Refusal { get; private set; }

    public bool AreWaiting => !_asked.IsEmpty;

    public async Task<AttemptOutcome> RunAsync(IRuntimeTarget target)
    {
        RuntimeOpening opening = await target.OpenAsync(new ChannelExecute(session.Request.Code)
        {
            Tenant = Pseudonym(session.Caller.Tenant),
            RunId = session.Id,
            Language = WireLanguage.Name(session.Request.Language),
            OfModel = session.Request.OfModel,
            MaxEventBytes = Math.Min(session.MaxEventBytes, target.MaxMessageBytes),
            Limits = Limits()
        }, session.Stopping).ConfigureAwait(false);
        Refusal = opening.Refusal;
        if (opening.Connection is not { } connection) return Refusal is null ? AttemptOutcome.NotBegun : AttemptOutcome.Refused;
        Opened?.Invoke();
        if (session.Request.ClientTools.Count > 0) session.Calls = this;
        await using (connection.ConfigureAwait(false))
        using (_calls = tools.Begin(_run, session.Terms.MaxToolResultBytes))
        {
            return await RunAsync(target, connection).ConfigureAwait(false);
        }
    }

    public bool TrySettle(string callId, Func<object> answer)
    {
        if (!_asked.TryRemove(callId, out TaskCompletionSource<ScriptValue>? call)) return false;
        object given = answer();
        if (given is ToolException failure) call.SetException(failure);
        else call.SetResult((ScriptValue)given);
        return true;
    }

    public void Dispose()
    {
        foreach (string call in _asked.Keys) CloseCall(call);
        // A kept session must not hold the run.
        session.Calls = null;
        _callsAtOnce.Dispose();
    }

    /// <summary>The last event of a stopped session whose runtime does not send one.</summary>
    public static Final Stopped(BrokerSession session)
    {
        bool late = session.End is { Kind: SessionEndKind.Deadline };
        if (late) session.Add(new DeadlineExceeded(session.Duration.TotalMilliseconds, session.Deadline!.Value.TotalMilliseconds));
        return late
            ? session.Failure(SessionCode.DeadlineExceeded, WireFinal.DeadlineText)
            : session.Failure(SessionCode.Cancelled, session.End?.Reason ?? WireFinal.CancelledText);
    }

    /// <summary>A name by which a runtime can tell tenants apart without knowing them.</summary>
    public static string? Pseudonym(string? tenant) =>
        tenant is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)).AsSpan(0, 16));

    private async Task<AttemptOutcome> RunAsync(IRuntimeTarget target, IRuntimeConnection connection)
    {
        // The runtime's own limits end the session first. A runtime that does not enforce them is disconnected.
        using var patience = new CancellationTokenSource(Remaining() + endTimeout, clock);
        using CancellationTokenRegistration stop = session.Stopping.Register(() =>
        {
            patience.CancelAfter(endTimeout);
            _ = TrySendAsync(connection, new ChannelCancel(connection.Session, session.End?.Reason));
        });
        try
        {
            await foreach (SessionEvent happened in connection.EventsAsync(patience.Token).ConfigureAwait(false))
            {
                target.ReportSuccess();
                if (happened.SessionId != connection.Session) continue;
                EventPayload payload = happened.Payload;
                if (payload is Final { Error.Code: { } code } && s_refusals.Contains(code) && !_told)
                {
                    target.ReportFailure(code);
                    return AttemptOutcome.NotBegun;
                }

                if (Take(payload, target, connection, patience.Token)) return AttemptOutcome.Ended;
            }

            target.ReportFailure(connection.Fault ?? "it closed the connection");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            session.Add(session.Stopping.IsCancellationRequested ? Stopped(session) : OutOfTime());
            return AttemptOutcome.Ended;
        }
        catch (InvalidDataException fault)
        {
            // The result is too large, and the runtime did not check its size. Another runtime would return the same result, so no runtime is at fault.
            session.Add(LimitReached(ErrorCode.OutputLimit, fault.Message));
            return AttemptOutcome.Ended;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            target.ReportFailure(fault.Message);
        }

        if (session.Stopping.IsCancellationRequested)
        {
            session.Add(Stopped(session));
            return AttemptOutcome.Ended;
        }

        return _told || connection.HasBegun ? AttemptOutcome.LostAfterBegin : AttemptOutcome.NotBegun;
    }

    /// <summary>The remaining lifetime of the session, including time spent waiting.</summary>
    private TimeSpan Remaining()
    {
        TimeSpan left = session.Terms.Ttl - session.Duration;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Handles one event of the runtime. Returns true if it was the last.</summary>
    private bool Take(EventPayload payload, IRuntimeTarget target, IRuntimeConnection connection, CancellationToken patience)
    {
        switch (payload)
        {
            // The broker sends its own.
            case SessionInit or Heartbeat or Encrypted: return false;
            // Precedes the last event of a refusal or a cancel, which repeats it.
            case SessionError { Recoverable: false }: return false;
            case ToolCall when session.ToolCalls >= session.Terms.MaxToolCalls:
                session.Add(LimitReached(ErrorCode.MaxToolCalls, $"the script made more than {session.Terms.MaxToolCalls} tool calls"));
                return true;
            case Stdout text when (_stdout += Encoding.UTF8.GetByteCount(text.Chunk)) > session.Terms.MaxConsoleBytes:
                session.Add(LimitReached(ErrorCode.OutputLimit, $"the script printed more than {session.Terms.MaxConsoleBytes} bytes"));
                return true;
            case ToolCall { CallId.Length: > MaxIdCharacters }: throw new IOException($"the id of a call has more than {MaxIdCharacters} characters");
            case ToolCall call when !TryHold(call, target.MaxMessageBytes):
                _told = true;
                session.Add(call with { CallId = OfClient(call.CallId) });
                _ = TrySendAsync(connection, Failure(call.CallId, connection.Session, new ErrorInfo(
                    $"calls without an answer take more than {target.MaxMessageBytes} bytes (MaxMessageBytes): await calls before making others",
                    ToolCode.ArgumentsTooLarge)));
                return false;
            case ToolCall call:
                _told = true;
                // Ask before adding the event: the client may answer as soon as it has it.
                Task<ToolOutcome>? asked = session.Request.ClientTools.Contains(call.ToolName)
                    ? _calls!.AskAsync(call.ToolName, ScriptValue.From(call.Args), (token) => AskClientAsync(OfClient(call.CallId), token))
                    : null;
                session.Add(call with { CallId = OfClient(call.CallId) });
                _ = asked is null ? AnswerAsync(call, target, connection, patience) : PassAsync(call, target, connection, asked);
                return false;
            case ToolProgress progress: session.Add(progress with { CallId = OfClient(progress.CallId) }); break;
            case ToolResultApplied applied:
                CloseCall(OfClient(applied.CallId));
                session.Add(new ToolResultApplied(OfClient(applied.CallId)));
                break;
            case Final final:
                session.Add(session.End is { Kind: SessionEndKind.Deadline } && !final.Ok ? Stopped(session) : final);
                return true;
            default: session.Add(payload); break;
        }

        _told = true;
        return false;
    }

    /// <summary>Counts a call's bytes until it has its answer. Returns false if the calls that wait then take more than one message.</summary>
    private bool TryHold(ToolCall call, long maxBytes)
    {
        if (Interlocked.Add(ref _waitingBytes, BytesOf(call)) <= maxBytes) return true;
        Release(call);
        return false;
    }

    private void Release(ToolCall call) => Interlocked.Add(ref _waitingBytes, -BytesOf(call));

    private static long BytesOf(ToolCall call) => CallOverhead + call.ToolName.Length + (long)JsonMarshal.GetRawUtf8Value(call.Args).Length;

    /// <summary>Waits for the client's answer of a call. The runtime enforces the time limit.</summary>
    private Task<ScriptValue> AskClientAsync(string callId, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ScriptValue>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A runtime chooses the ids, so they may repeat.
        if (!_asked.TryAdd(callId, answer)) return Task.FromException<ScriptValue>(ToolFault.Of(ToolCode.Failed, $"call {callId} is already waiting"));
        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends a call that is over at the runtime. A later answer is refused.</summary>
    private void CloseCall(string callId) => TrySettle(callId, static () => ToolFault.Of(ToolCode.Timeout, "the call is over"));

    private async Task AnswerAsync(ToolCall call, IRuntimeTarget target, IRuntimeConnection connection, CancellationToken patience)
    {
        try
        {
            await _callsAtOnce.WaitAsync(patience).ConfigureAwait(false);
            ToolOutcome outcome;
            try
            {
                if (session.Journal is { } journal) await journal.WhenKept(OfClient(call.CallId)).WaitAsync(patience).ConfigureAwait(false);
                outcome = await _calls!.CallAsync(call.ToolName, ScriptValue.From(call.Args)).ConfigureAwait(false);
            }
            finally
            {
                _callsAtOnce.Release();
            }

            await TrySendAsync(connection, Result(call, connection.Session, outcome, target.MaxMessageBytes)).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The session has ended, and the answer is not needed.
        }
        finally
        {
            Release(call);
        }
    }

    /// <summary>Forwards the client's answer.</summary>
    private async Task PassAsync(ToolCall call, IRuntimeTarget target, IRuntimeConnection connection, Task<ToolOutcome> asked)
    {
        try
        {
            await TrySendAsync(connection, Result(call, connection.Session, await asked.ConfigureAwait(false), target.MaxMessageBytes)).ConfigureAwait(false);
        }
        finally
        {
            Release(call);
        }
    }

    private static ChannelToolResult Result(ToolCall call, string name, ToolOutcome outcome, long maxBytes)
    {
        var result = new ChannelToolResult(call.CallId)
        {
            SessionId = name,
            Success = outcome.Failure is null,
            Value = outcome.Failure is null ? WireJson.Of(outcome.Value) : null,
            Error = outcome.Failure is { } failure ? new ErrorInfo(WireJson.Text(failure.Message), failure.Code) : null,
        };
        if (WireSize.Fits(result, maxBytes)) return result;
        // A runtime would close the connection because of a larger message, and the session would be lost.
        return Failure(call.CallId, name, new ErrorInfo(
            $"the tool's result exceeds the limit of a message to a runtime ({maxBytes} bytes, MaxMessageBytes): ask for less", ToolCode.ResultTooLarge));
    }

    private static ChannelToolResult Failure(string call, string name, ErrorInfo why) => new(call) { SessionId = name, Success = false, Error = why };

    private async Task TrySendAsync(IRuntimeConnection connection, ChannelMessage message)
    {
        using var time = new CancellationTokenSource(endTimeout, clock);
        try
        {
            await connection.SendAsync(message, time.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The reader of the connection notices that it is gone.
            Diagnostics.BrokerLog.RuntimeSendFailed(log, session.Id, fault.Message);
        }
    }

    private SessionLimits Limits() => new()
    {
        SessionTtlMs = (long)session.Terms.Ttl.TotalMilliseconds,
        TimeoutMs = (long)session.Terms.Ttl.TotalMilliseconds,
        MaxToolCalls = Math.Max(1, session.Terms.MaxToolCalls),
        MaxStdoutBytes = Math.Max(1, session.Terms.MaxConsoleBytes),
        MaxToolResultBytes = session.Terms.MaxToolResultBytes,
        ToolTimeoutMs = (long)session.Terms.ToolTimeout.TotalMilliseconds,
        MemoryLimit = session.Request.Limits.MemoryLimit,
        CancelOnFirstError = session.Terms.RefuseCallsAfterFailure,
    };

    private Final OutOfTime() =>
        LimitReached(ErrorCode.Timeout, $"the session had not ended after {session.Terms.Ttl.TotalSeconds:0.###} s, and its runtime did not end it");

    /// <summary>The result of a session that exceeded a limit which its runtime should have enforced.</summary>
    private Final LimitReached(ErrorCode code, string message) => session.Failure(code.ToCode(), message);

    private static string OfClient(string call) => StreamProtocol.IsCallId(call) ? call : StreamProtocol.CallPrefix + call;
}
