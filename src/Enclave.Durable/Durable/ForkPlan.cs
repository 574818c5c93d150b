using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Journals;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Runs;
using Enclave.Tools;

namespace Enclave.Durable;

/// <summary>Makes the first entries of a fork from the history of another run.</summary>
internal sealed class ForkPlan
{
    private readonly RunKey _from;
    private readonly JournalHistory _history;
    private readonly JournalEntry.Opened _opened;
    private readonly DateTimeOffset _now;
    private readonly SortedDictionary<uint, JournalAnswer> _answers = [];
    private readonly HashSet<uint> _undone;

    /// <param name="from">The run that is forked.</param>
    /// <param name="history">What happened in it.</param>
    /// <param name="opened">The first entry of the fork, as this host makes it for its script.</param>
    /// <param name="answers">The corrected answers by the ids of their calls.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="ArgumentException">An id is not one of a call, or an answer is not data.</exception>
    public ForkPlan(RunKey from, JournalHistory history, JournalEntry.Opened opened, IReadOnlyDictionary<string, object?> answers, DateTimeOffset now)
    {
        (_from, _history, _now) = (from, history, now);
        // All inputs of a replay are those of the first run.
        _opened = history.Opened with
        {
            Code = opened.Code,
            RunId = opened.RunId,
            Engine = opened.Engine,
            Version = opened.Version,
            Tools = opened.Tools,
        };
        foreach ((string id, object? answer) in answers) _answers[CallOf(id)] = JournalAnswer.Of(answer);
        _undone = history.Failing is null ? [] : [.. history.Undoable().Select((undo) => undo.Call.Call)];
        Most = history.Happened.TakeWhile((happened) => happened is not ToolCallEvent call || !_undone.Contains(call.Call)).Count();
    }

    /// <summary>The number of events in the history.</summary>
    public int All => _history.Happened.Count;

    /// <summary>The most events that a fork can keep: those before the first call that was undone, or that will be undone.</summary>
    public int Most { get; }

    /// <summary>Identifies the fork by what it keeps and corrects, so that the same fork can be requested again.</summary>
    public ImmutableArray<byte> OriginFor(Guid journal, int? at)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(journal.ToByteArray());
        hash.AppendData(BitConverter.GetBytes(at ?? -1));
        hash.AppendData(MemoryMarshal.AsBytes(_opened.Code.AsSpan()));
        foreach ((uint call, JournalAnswer answer) in _answers)
        {
            hash.AppendData(BitConverter.GetBytes(call));
            hash.AppendData(ScriptValueCodec.Encode(answer.Value));
            if (answer.Failure is { } failure) hash.AppendData(MemoryMarshal.AsBytes($"{failure.Name}\n{failure.Code}\n{failure.Message}".AsSpan()));
        }

        return [.. hash.GetHashAndReset()];
    }

    /// <summary>The entries of a fork that keeps this many events.</summary>
    /// <exception cref="JournalException">A corrected answer is for a call that is not among these events.</exception>
    public IReadOnlyList<JournalEntry> Entries(int kept)
    {
        if (kept > Most) throw new JournalException(
            JournalFault.NotRepeated, $"the fork is to keep {kept} events, and a call among them was undone: keep at most {Most}");
        List<JournalEntry> entries = [_opened];
        HashSet<uint> calls = [], answered = [];
        long time = _opened.Start;
        int seen = 0;
        foreach (JournalEntry entry in _history.Entries.TakeWhile((entry) => entry is not JournalEntry.Happened || seen++ < kept))
        {
            switch (entry)
            {
                // The fork undoes nothing that the first run did.
                case JournalEntry.Happened { Event: ToolCallEvent call }:
                    calls.Add(call.Call);
                    entries.Add(new JournalEntry.Happened(call with { HasCompensation = false }));
                    break;
                case JournalEntry.Happened { Event: ToolResultEvent answer }:
                    answered.Add(answer.Call);
                    time = Math.Max(time, answer.ScriptTime!.Value);
                    JournalAnswer? corrected = _answers.GetValueOrDefault(answer.Call);
                    entries.Add(corrected is null ? entry : Answer(answer.Call, corrected, answer.ScriptTime.Value));
                    break;
                case JournalEntry.Happened { Event: ConsoleEvent } or JournalEntry.Decided: entries.Add(entry); break;
                // The first run gave the token away: its answer belongs to the first run.
                case JournalEntry.Waiting { Wait.Kind: WaitKind.Tool }: break;
                case JournalEntry.Waiting { Wait: { Token.Length: > 0 } wait }:
                    entries.Add(new JournalEntry.Waiting(wait with { Token = LongWaits.NewToken() }));
                    break;
                case JournalEntry.Waiting: entries.Add(entry); break;
            }
        }

        foreach ((uint call, JournalAnswer answer) in _answers)
        {
            if (!calls.Contains(call)) throw new JournalException(
                JournalFault.NotRepeated,
                $"the fork keeps {kept} of {All} events, and {ToolCallEvent.IdOf(call)} with its corrected answer is not one of them");
            if (!answered.Contains(call)) entries.Add(Answer(call, answer, Math.Max(time, _now.ToUnixTimeMilliseconds())));
        }

        entries.Add(new JournalEntry.Happened(new NoticeEvent { Time = _now, Kind = NoticeKind.Forked, Name = _from.Name }));
        return entries;
    }

    /// <summary>The number of events before this step of the script.</summary>
    public int EventsBefore(int step)
    {
        int events = 0;
        foreach (ExecutionEvent happened in _history.Happened)
        {
            if (happened is ToolCallEvent or ConsoleEvent && step-- == 0) break;
            events++;
        }

        return events;
    }

    /// <summary>The tool calls in the history behind the first <paramref name="kept"/> events.</summary>
    public IReadOnlyList<ToolCallEvent> CallsAfter(int kept) =>
        [.. _history.Events().Skip(kept).OfType<ToolCallEvent>().Where((call) => !call.Name.StartsWith(ReservedCalls.Prefix, StringComparison.Ordinal))];

    private static JournalEntry.Happened Answer(uint call, JournalAnswer answer, long time) => new(new ToolResultEvent
    {
        Call = call,
        Name = "",
        Value = answer.Value,
        Failure = answer.Failure,
        Elapsed = TimeSpan.Zero,
        ScriptTime = time,
    });

    private static uint CallOf(string id) =>
        id.StartsWith("c_", StringComparison.Ordinal) && uint.TryParse(id.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out uint call)
            ? call
            : throw new ArgumentException($"'{id}' is not the id of a call: they are c_1, c_2, and so on (ForkOptions.Answers).");
}
