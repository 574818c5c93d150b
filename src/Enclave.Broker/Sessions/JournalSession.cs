using System.Text.Json;
using Enclave.Broker.Errors;
using Enclave.Diagnostics;
using Enclave.Durable;
using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Sessions;
using Enclave.SessionWire;
using Enclave.Streaming;
using Enclave.Tools;

namespace Enclave.Broker.Sessions;

/// <summary>A durable session as one request of its owner sees it: its events are a view of its run's journal, the same at every broker.</summary>
/// <param name="runs">The durable runs of this broker's host.</param>
/// <param name="row">The run, as it was found.</param>
/// <param name="id">The name of the session.</param>
/// <param name="options">The broker's limits.</param>
/// <param name="enclave">Takes answers.</param>
/// <param name="reads">Bounds the journals in memory.</param>
/// <param name="clock">The broker's clock.</param>
internal sealed class JournalSession(
    DurableRuns runs, StoredRun row, string id, BrokerOptions options, IEnclave enclave, JournalReads reads, TimeProvider clock) : ISessionView
{
    /// <summary>After reading the journal, a reader rests this many times the time that the reading took.</summary>
    private const int Rest = 10;

    /// <summary>How often in a row the time between two looks doubles.</summary>
    private const int MostQuiet = 3;

    /// <summary>How long the broker tries to end a run that works at another broker, and the pause between two tries.</summary>
    private static readonly TimeSpan s_cancelPatience = TimeSpan.FromSeconds(10), s_cancelPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a cancel waits for the end. The calls of the session may have to be undone first.</summary>
    private static readonly TimeSpan s_endPatience = TimeSpan.FromSeconds(2);

    private readonly Queue<EventPayload> _converted = new();
    // A reader may take hours to send a page. If the journal was collected meanwhile, it is read again.
    private readonly WeakReference<JournalHistory?> _history = new(null);
    private JournalHistory? _kept;
    private long _keptBytes;
    private StoredRun _row = row;
    private WireEvents? _wire;
    private int _events;
    // Entries that were read, and the calls among them; null before.
    private int? _known, _calls;
    private bool _isConvertedToEnd, _isPageFull;
    private int _quiet;
    private long _seq;
    private long _restUntil;

    public string Id => id;

    /// <summary>Every broker can read the whole journal.</summary>
    public bool IsElsewhere => true;

    public long FirstKept => 1;

    public bool Holds(long seq) => false;

    public void WriteInfo(Utf8JsonWriter writer)
    {
        DateTimeOffset end = _row.State == DurableRunState.Ended ? _row.Changed : clock.GetUtcNow();
        DateTimeOffset expires = _row.State == DurableRunState.Ended && _row.Due is { } due ? due : _row.Created + SleepTime.Longest;
        new ListedSession(id, State.ToText(), _row.Created, expires, end > _row.Created ? end - _row.Created : TimeSpan.Zero, _calls)
        {
            Waits = DurableRun.Of(_row).Waits,
        }.Write(writer);
    }

    /// <summary>Reads the journal, for what the row does not say; null without a refusal if the run was removed.</summary>
    public async ValueTask<(JournalHistory? History, BrokerError? Refusal)> LoadAsync(CancellationToken cancellationToken)
    {
        using IDisposable? turn = await reads.TryEnterAsync(Owner, cancellationToken).ConfigureAwait(false);
        if (turn is null) return (null, BrokerError.JournalsBusy);
        JournalHistory? history = null;
        long began = clock.GetTimestamp();
        if (await runs.Host.ReadAsync(_row.Key, cancellationToken).ConfigureAwait(false) is { } read)
            (_row, history, _known, _calls) = (read.Run, read.History, read.History.Entries.Count, (int)read.History.Calls);
        // One reader of a long journal takes a share of a processor, not all of it.
        long now = clock.GetTimestamp();
        _restUntil = now + ((now - began) * Rest);
        return (history, null);
    }

    public void ReaderCame() => runs.Readers.AddReader(_row.Key);

    public void ReaderLeft()
    {
        runs.Readers.RemoveReader(_row.Key);
        Keep(null);
    }

    public async ValueTask<ReadOutcome> ReadAsync(long from, List<LoggedEvent> events, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        // A reader that begins anew, or returns to an earlier event.
        if (from <= _seq || _wire is null) Begin();
        // The rest of the journal is read again.
        if (!_history.TryGetTarget(out JournalHistory? history) && _isPageFull) _known = null;
        while (true)
        {
            // Taken before the look, so that no change is lost.
            Task changed = runs.Readers.Next(_row.Key);
            Take(history, from, events);
            _history.SetTarget(history);
            Keep(_isPageFull ? history : null);
            if (events.Count > 0) return ReadOutcome.Events;
            if (_isConvertedToEnd) return ReadOutcome.Ended;
            // A reader may wait for days: it holds no journal meanwhile.
            history = null;
            (history, bool isLost) = await RefreshAsync(cancellationToken).ConfigureAwait(false);
            if (isLost) return ReadOutcome.Lost;
            if (history is not null) continue;
            if (clock.GetElapsedTime(began) >= options.HeartbeatInterval && _seq > 0)
            {
                events.Add(Logged(_seq, new Heartbeat(clock.GetUtcNow())));
                return ReadOutcome.Events;
            }

            await NextAsync(changed, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask CancelAsync(SessionEnd why, CancellationToken cancellationToken)
    {
        for (long began = clock.GetTimestamp(); ;)
        {
            try
            {
                // The cancellation continues after the client has stopped waiting.
                Task<bool> ended = runs.CancelAsync(_row.Key.Name, _row.Key.Tenant, CancellationToken.None);
                await ended.WaitAsync(s_endPatience, clock, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (TimeoutException)
            {
                return;
            }
            catch (JournalException fault) when (fault.Fault == JournalFault.Busy && clock.GetElapsedTime(began) < s_cancelPatience)
            {
                // The run works at another broker, which releases it when it waits.
                await Task.Delay(s_cancelPause, clock, cancellationToken).ConfigureAwait(false);
            }
            catch (JournalException fault) when (fault.Fault == JournalFault.NotFound)
            {
                return;
            }
        }
    }

    /// <summary>The owner may answer its own tools and the signals that its script waits for, but not the tools and approvals of the operator.</summary>
    public async ValueTask<BrokerError?> AnswerAsync(ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (ToolAnswer.Read(body, out BrokerError? malformed) is not { } answer) return malformed;
        (JournalHistory? history, BrokerError? busy) = await LoadAsync(cancellationToken).ConfigureAwait(false);
        if (busy is not null) return busy;
        IReadOnlyList<string> own = history?.Opened.Session?.OutsideTools ?? [];
        StoredWait? wait = _row.Waits.FirstOrDefault((one) => ToolCallEvent.IdOf(one.Call) == answer.Call
            && (one.Kind == WaitKind.Signal || (one.Kind == WaitKind.Tool && own.Contains(one.Name))));
        if (wait is null) return answer.NotWaiting;
        try
        {
            await enclave.AnswerAsync(wait.Token, answer.Outcome, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (ArgumentException tooLarge)
        {
            return BrokerError.Invalid(tooLarge.Message);
        }
        catch (JournalException fault) when (fault.Fault is JournalFault.NotFound or JournalFault.Answered)
        {
            return answer.NotWaiting;
        }
    }

    private SessionState State => _row.State switch
    {
        DurableRunState.Ended => SessionStates.OfEnd(_row.Outcome == TelemetryNames.Ok, _row.Outcome == ErrorCode.Cancelled.ToCode()),
        DurableRunState.Suspended when !_row.Waits.IsEmpty && _row.Waits.All((wait) => wait.Kind != WaitKind.Tool) => SessionState.Suspended,
        _ => SessionStates.Of(_row.State != DurableRunState.Suspended || !_row.Waits.IsEmpty, _row.Waits.Any((wait) => wait.Kind == WaitKind.Tool)),
    };

    /// <summary>The beginning of its run's name: its owner.</summary>
    private string Owner => _row.Key.Name[..^id.Length];

    /// <summary>Keeps the journal for the next page, if there is room; null to keep none.</summary>
    private void Keep(JournalHistory? history)
    {
        if (history == _kept) return;
        reads.Drop(Owner, _keptBytes);
        (_kept, _keptBytes) = history is not null && reads.TryKeep(Owner, _row.Bytes) ? (history, _row.Bytes) : (null, 0);
    }

    private void Begin()
    {
        _wire = new WireEvents
        {
            Began = _row.Created,
            Cancel = WireCancel.FinalOnly,
            MaxEventBytes = options.MaxLogBytes,
        };
        _converted.Clear();
        (_seq, _events, _known, _isConvertedToEnd, _isPageFull) = (0, 0, null, false, false);
        _converted.Enqueue(WireEvents.Init(id, _row.Created + SleepTime.Longest));
    }

    /// <summary>Moves converted events from a number on into a page of lines.</summary>
    private void Take(JournalHistory? history, long from, List<LoggedEvent> events)
    {
        long bytes = 0;
        while (bytes < EventLines.PageBytes && (_converted.Count > 0 || ConvertNext(history)))
        {
            if (!_converted.TryDequeue(out EventPayload? payload)) continue;
            if (++_seq < from) continue;
            LoggedEvent line = Logged(_seq, payload);
            events.Add(line);
            bytes += line.Bytes;
        }

        _isPageFull = bytes >= EventLines.PageBytes;
    }

    /// <summary>Converts the next event of the journal. False if there is none yet.</summary>
    private bool ConvertNext(JournalHistory? history)
    {
        if (history is null || _isConvertedToEnd) return false;
        if (_events < history.Happened.Count)
        {
            Convert(history.Happened[_events++]);
            return true;
        }

        if (DurablePart.ResultOf(history) is not { } result) return false;
        _isConvertedToEnd = true;
        Convert(new FinishedEvent { Result = result, Time = _row.Changed });
        return true;
    }

    private void Convert(ExecutionEvent happened)
    {
        if (TimerCall.Is(happened)) return;
        // Set the time to 0, because every broker and every reading must give the same event.
        foreach (EventPayload payload in _wire!.Of(happened)) _converted.Enqueue(payload is ToolProgress progress ? progress with { ElapsedMs = 0 } : payload);
    }

    /// <summary>
    /// Reads the journal if it has new entries. The result is lost if the journal was removed, if the run starts over (then its numbers begin again), or if too
    /// many journals are being read.
    /// </summary>
    private async Task<(JournalHistory? History, bool IsLost)> RefreshAsync(CancellationToken cancellationToken)
    {
        StoredRun? now = await runs.Host.Store.FindAsync(_row.Key, cancellationToken).ConfigureAwait(false);
        if (now is null || now.Journal != _row.Journal) return (null, true);
        if (now.Entries == _known) return (null, false);
        await RestAsync(cancellationToken).ConfigureAwait(false);
        (JournalHistory? history, _) = await LoadAsync(cancellationToken).ConfigureAwait(false);
        return (history, history is null || now.Journal != _row.Journal);
    }

    /// <summary>Waits for more entries. A reader polls for the writes of other processes: often at first, and less and less while the session sleeps.</summary>
    private async Task NextAsync(Task changed, CancellationToken cancellationToken)
    {
        TimeSpan wait = runs.Host.Store.PollInterval is { } poll ? poll * (1 << _quiet) : options.HeartbeatInterval;
        if (wait > options.HeartbeatInterval) wait = options.HeartbeatInterval;
        await changed.WaitAsync(wait, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        _quiet = changed.IsCompleted ? 0 : Math.Min(_quiet + 1, MostQuiet);
    }

    /// <summary>Waits until the journal may be read again.</summary>
    private async Task RestAsync(CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(clock.GetTimestamp(), _restUntil) is { Ticks: > 0 } rest)
            await Task.Delay(rest, clock, cancellationToken).ConfigureAwait(false);
    }

    private LoggedEvent Logged(long seq, EventPayload payload)
    {
        byte[] line = EventLines.Line(new SessionEvent(id, seq, payload));
        return new LoggedEvent(seq, payload.Type, line, line);
    }
}
