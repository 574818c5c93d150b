using System.Security.Cryptography;
using System.Text;
using Enclave.Broker.Executors.Transports;
using Enclave.Broker.Sessions;
using Enclave.Protocol;
using Enclave.Remote;
using Enclave.Runs;
using Enclave.SessionWire;
using Enclave.Streaming;
using Microsoft.Extensions.Logging;
using ToolProgress = Enclave.Streaming.ToolProgress;

namespace Enclave.Broker.Executors;

/// <summary>One session on one runtime: its events on their way to the client, its tool calls on their way to the tools and back.</summary>
internal sealed class RemoteAttempt(BrokerSession session, TimeSpan endTimeout, RemoteTools tools, TimeProvider clock, ILogger log) : IDisposable
{
    private const int MaxCallsAtOnce = 64;

    /// <summary>Codes of a runtime that did not begin.</summary>
    private static readonly HashSet<string> s_refusals = ["RUNTIME_BUSY", "RUNTIME_STOPPING", "SESSION_EXISTS"];

    private readonly RunOptions _run = new() { Tenant = session.Caller.Tenant, Context = new BrokerRun(session.Id, session.Caller.Owner) };
    private readonly SemaphoreSlim _callsAtOnce = new(MaxCallsAtOnce, MaxCallsAtOnce);
    private readonly RemoteClientCalls _client = new();
    private RemoteRun? _calls;
    private bool _told;
    private long _stdout;

    /// <summary>Told when a runtime has the session.</summary>
    public Action? Opened { get; init; }

    /// <summary>Tool calls that were made.</summary>
    public int Calls => _calls?.Calls ?? 0;

    /// <summary>Bytes that the script printed.</summary>
    public long StdoutBytes => _stdout;

    /// <summary>Why the session will not run anywhere; null when that is not so.</summary>
    public ErrorInfo? Refusal { get; private set; }

    public async Task<AttemptOutcome> RunAsync(IRuntimeTarget place)
    {
        RuntimeOpening opening = await place.OpenAsync(new ChannelExecute(session.Request.Code) { Tenant = Pseudonym(session.Caller.Tenant), MaxEventBytes = Math.Min(session.MaxEventBytes, place.MaxMessageBytes), Limits = Limits() }, session.Stopping).ConfigureAwait(false);
        Refusal = opening.Refusal;
        if (opening.Line is not { } line) return Refusal is null ? AttemptOutcome.NotBegun : AttemptOutcome.Refused;
        Opened?.Invoke();
        if (session.Request.ClientTools.Count > 0) session.Calls = _client;
        await using (line.ConfigureAwait(false))
        using (_calls = tools.Begin(_run, session.Terms.MaxToolResultBytes))
        {
            return await RunAsync(place, line).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _client.CloseAll();
        _callsAtOnce.Dispose();
    }

    /// <summary>The last event of a session that was stopped and whose runtime does not say so itself.</summary>
    public static Final Stopped(BrokerSession session)
    {
        bool late = session.End is { Kind: SessionEndKind.Deadline };
        if (late) session.Add(new DeadlineExceeded(session.Duration.TotalMilliseconds, session.Terms.Deadline!.Value.TotalMilliseconds));
        return new Final
        {
            Ok = false,
            Error = late ? new ErrorInfo(WireFinal.DeadlineText, WireFinal.Deadline) : new ErrorInfo(session.End?.Reason ?? WireFinal.CancelledText, WireFinal.Cancelled),
            Stats = new FinalStats(Math.Round(session.Duration.TotalMilliseconds), session.ToolCalls, 0),
        };
    }

    /// <summary>Tells tenants apart without telling a runtime who they are.</summary>
    public static string? Pseudonym(string? tenant) => tenant is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)).AsSpan(0, 16));

    private async Task<AttemptOutcome> RunAsync(IRuntimeTarget place, IRuntimeConnection line)
    {
        // The runtime's own limits end it first; a runtime that does not keep them is left.
        using var patience = new CancellationTokenSource(Remaining() + endTimeout, clock);
        using CancellationTokenRegistration stop = session.Stopping.Register(() =>
        {
            patience.CancelAfter(endTimeout);
            _ = TrySendAsync(line, new ChannelCancel(line.Session, session.End?.Reason));
        });
        try
        {
            var numbers = new SequenceWindow();
            await foreach (SessionEvent happened in line.EventsAsync(patience.Token).ConfigureAwait(false))
            {
                place.Answered();
                if (happened.SessionId != line.Session || !numbers.TryTake(happened.Seq)) continue;
                EventPayload payload = happened.Payload;
                if (payload is Final { Error.Code: { } code } && s_refusals.Contains(code) && !_told)
                {
                    place.Failed(code);
                    return AttemptOutcome.NotBegun;
                }

                if (Take(payload, place, line, patience.Token)) return AttemptOutcome.Ended;
            }

            place.Failed(line.Fault ?? "it closed the connection");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            session.Add(session.Stopping.IsCancellationRequested ? Stopped(session) : OutOfTime());
            return AttemptOutcome.Ended;
        }
        catch (InvalidDataException fault)
        {
            // The runtime did not measure it. Another one would make the same of the script, and would be no more to blame.
            session.Add(Over(ErrorCode.OutputLimit, fault.Message));
            return AttemptOutcome.Ended;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            place.Failed(fault.Message);
        }

        if (session.Stopping.IsCancellationRequested)
        {
            session.Add(Stopped(session));
            return AttemptOutcome.Ended;
        }

        return _told || line.HasBegun ? AttemptOutcome.LostAfterBegin : AttemptOutcome.NotBegun;
    }

    /// <summary>What is left of the session's life, waits counted.</summary>
    private TimeSpan Remaining()
    {
        TimeSpan left = session.Terms.Ttl - session.Duration;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>Takes one event of the runtime; whether it was the last.</summary>
    private bool Take(EventPayload payload, IRuntimeTarget place, IRuntimeConnection line, CancellationToken patience)
    {
        switch (payload)
        {
            // The broker has its own.
            case SessionInit or Heartbeat or Encrypted: return false;
            // Of a refusal, or of a cancel: the last event says it again.
            case SessionError { Recoverable: false }: return false;
            case ToolCall when session.ToolCalls >= session.Terms.MaxToolCalls:
                session.Add(Over(ErrorCode.MaxToolCalls, $"the script made more than {session.Terms.MaxToolCalls} tool calls"));
                return true;
            case Stdout text when (_stdout += Encoding.UTF8.GetByteCount(text.Chunk)) > session.Terms.MaxStdoutBytes:
                session.Add(Over(ErrorCode.OutputLimit, $"the script printed more than {session.Terms.MaxStdoutBytes} bytes"));
                return true;
            case ToolCall call:
                _told = true;
                // Its client may answer as soon as it has the event.
                Task<ToolOutcome>? asked = session.Request.ClientTools.Contains(call.ToolName) ? _calls!.AskAsync(call.ToolName, ScriptValue.From(call.Args), (token) => _client.AskAsync(OfClient(call.CallId), token)) : null;
                session.Add(call with { CallId = OfClient(call.CallId) });
                _ = asked is null ? AnswerAsync(call, place, line, patience) : PassAsync(call, place, line, asked);
                return false;
            case ToolProgress progress: session.Add(progress with { CallId = OfClient(progress.CallId) }); break;
            case ToolResultApplied applied:
                _client.Close(OfClient(applied.CallId));
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

    private async Task AnswerAsync(ToolCall call, IRuntimeTarget place, IRuntimeConnection line, CancellationToken patience)
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

            await TrySendAsync(line, Result(call, line.Session, outcome, place.MaxMessageBytes)).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
        {
            // The session has ended: nobody waits for the answer.
        }
    }

    /// <summary>Sends the client's answer on.</summary>
    private async Task PassAsync(ToolCall call, IRuntimeTarget place, IRuntimeConnection line, Task<ToolOutcome> asked) =>
        await TrySendAsync(line, Result(call, line.Session, await asked.ConfigureAwait(false), place.MaxMessageBytes)).ConfigureAwait(false);

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
        // A runtime would close the connection on it, and the session would be lost.
        return result with { Success = false, Value = null, Error = new ErrorInfo($"the tool's result is larger than a message to a runtime may be ({maxBytes} bytes, MaxMessageBytes): ask for less", "TOOL_RESULT_TOO_LARGE") };
    }

    private async Task TrySendAsync(IRuntimeConnection line, ChannelMessage message)
    {
        using var time = new CancellationTokenSource(endTimeout, clock);
        try
        {
            await line.SendAsync(message, time.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever reads from the connection learns that it is gone.
            Diagnostics.BrokerLog.RuntimeSendFailed(log, session.Id, fault.Message);
        }
    }

    private SessionLimits Limits() => new()
    {
        SessionTtlMs = (long)session.Terms.Ttl.TotalMilliseconds,
        TimeoutMs = (long)session.Terms.Ttl.TotalMilliseconds,
        MaxToolCalls = Math.Max(1, session.Terms.MaxToolCalls),
        MaxStdoutBytes = Math.Max(1, session.Terms.MaxStdoutBytes),
        MaxToolResultBytes = session.Terms.MaxToolResultBytes,
        ToolTimeoutMs = (long)session.Terms.ToolTimeout.TotalMilliseconds,
        MemoryLimit = session.Terms.MemoryLimit,
        CancelOnFirstError = session.Terms.CancelOnFirstError,
    };

    private Final OutOfTime() => Over(ErrorCode.Timeout, $"the session had not ended after {session.Terms.Ttl.TotalSeconds:0.###} s, and its runtime did not end it");

    /// <summary>A limit that the runtime was told of and did not keep.</summary>
    private Final Over(ErrorCode code, string message) => new()
    {
        Ok = false,
        Error = new ErrorInfo(message, code.ToCode()),
        Stats = new FinalStats(Math.Round(session.Duration.TotalMilliseconds), session.ToolCalls, 0),
    };

    private static string OfClient(string call) => StreamProtocol.IsCallId(call) ? call : StreamProtocol.CallPrefix + call;
}
