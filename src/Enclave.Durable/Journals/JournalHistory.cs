using System.Buffers.Binary;
using System.Collections.Immutable;
using Enclave.Outcomes;
using Enclave.Protocol;

namespace Enclave.Journals;

/// <summary>The history of a run, read from its journal and checked entry by entry.</summary>
internal sealed class JournalHistory
{
    private readonly List<ExecutionEvent> _happened = [];
    private readonly List<ExecutionEvent> _steps = [];
    private readonly List<ToolResultEvent> _answers = [];
    private readonly Dictionary<uint, ToolResultEvent> _answered = [];
    private readonly Dictionary<uint, StoredWait> _waits = [];
    private readonly HashSet<uint> _decided = [];
    private readonly HashSet<string> _changedTools = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, NoticeKind> _compensations = [];
    private uint _calls;

    private JournalHistory(JournalEntry.Opened opened) => Opened = opened;

    /// <summary>The first entry.</summary>
    public JournalEntry.Opened Opened { get; }

    /// <summary>All entries in their order.</summary>
    public List<JournalEntry> Entries { get; } = [];

    /// <summary>The number of its entries.</summary>
    public int Count { get; private set; }

    /// <summary>The steps of the script: its calls and console lines, in its order.</summary>
    public IReadOnlyList<ExecutionEvent> Steps => _steps;

    /// <summary>The answers in the order in which the script got them.</summary>
    public IReadOnlyList<ToolResultEvent> Answers => _answers;

    /// <summary>The number of calls.</summary>
    public uint Calls => _calls;

    /// <summary>The waits of calls that have no answer.</summary>
    public IEnumerable<StoredWait> Waits => _waits.Values;

    /// <summary>The wall time that the run had left when it was last suspended; null if it never was.</summary>
    public TimeSpan? Left { get; private set; }

    /// <summary>The failure whose compensations are made; null for none.</summary>
    public JournalEntry.Failing? Failing { get; private set; }

    /// <summary>The end; null if the run has not ended.</summary>
    public JournalEntry.Ended? End { get; private set; }

    /// <summary>The bytes of the sealed entries.</summary>
    public long Bytes { get; private set; }

    /// <summary>The tag of the last entry.</summary>
    public ReadOnlyMemory<byte> Tag { get; private set; }

    /// <summary>Console lines, calls and answers in their order.</summary>
    public IReadOnlyList<ExecutionEvent> Happened => _happened;

    /// <summary>The events of the run, with numbers from 1. An answer has the name of its call, and the time that passed since the call.</summary>
    public IEnumerable<ExecutionEvent> Events()
    {
        Dictionary<uint, ToolCallEvent> calls = _steps.OfType<ToolCallEvent>().ToDictionary((call) => call.Call);
        return _happened.Select((happened, index) => Told(happened) with { Sequence = index + 1 });

        ExecutionEvent Told(ExecutionEvent happened) => happened is not ToolResultEvent answer
            ? happened
            : answer with { Name = calls[answer.Call].Name, Elapsed = answer.Time - calls[answer.Call].Time };
    }

    /// <summary>Calls that succeeded and declare how to undo them, the last answered one first.</summary>
    public IEnumerable<(ToolCallEvent Call, ToolResultEvent Answer)> Undoable()
    {
        Dictionary<uint, ToolCallEvent> calls = _steps.OfType<ToolCallEvent>().Where((call) => call.HasCompensation).ToDictionary((call) => call.Call);
        return _answers.AsEnumerable().Reverse().Where((answer) => answer.Failure is null && calls.ContainsKey(answer.Call))
            .Select((answer) => (calls[answer.Call], answer));
    }

    /// <summary>The progress of the compensation of a call; null before it begins.</summary>
    public NoticeKind? CompensationOf(uint call) => _compensations.TryGetValue(call, out NoticeKind kind) ? kind : null;

    /// <summary>The answer to a call without its value; null if it has none.</summary>
    public ToolResultEvent? AnswerTo(uint call) => _answered.GetValueOrDefault(call);

    /// <summary>Forgets the values of answers: the worker has them, and a run may take long.</summary>
    public void ForgetAnswers()
    {
        _answers.Clear();
        _happened.Clear();
        Entries.Clear();
    }

    /// <summary>Forgets the arguments of a call that the script has repeated.</summary>
    public void ForgetArguments(int step)
    {
        if (_steps[step] is ToolCallEvent call) _steps[step] = call with { Args = ScriptValue.Undefined };
    }

    public StoredWait? WaitOf(uint call) => _waits.GetValueOrDefault(call);

    /// <summary>True if the history has a notice that the schema of the tool changed.</summary>
    public bool TellsOf(string changedTool) => _changedTools.Contains(changedTool);

    /// <summary>True if the call was approved: from then on its tool may have been called.</summary>
    public bool IsDecided(uint call) => _decided.Contains(call);

    /// <summary>Opens the entries of a run.</summary>
    /// <param name="seal">The seal of the journal.</param>
    /// <param name="run">Its row.</param>
    /// <param name="bytes">The sealed entries that the row names. The history keeps them: they are opened where they are.</param>
    /// <exception cref="JournalException">The journal was changed, cut or moved, or breaks the order of entries.</exception>
    public static JournalHistory Read(JournalSeal seal, StoredRun run, Memory<byte> bytes)
    {
        (int Entries, byte[] Tag) head = ReadHead(seal, run.Head), least = run.LeastHead.IsEmpty ? head : ReadHead(seal, run.LeastHead);
        JournalHistory? history = null;
        long length = bytes.Length;
        ReadOnlyMemory<byte> tag = JournalSeal.NoTag;
        for (int number = 1; !bytes.IsEmpty; number++)
        {
            (int part, ReadOnlyMemory<byte> content) = seal.OpenInPlace(SealPurpose.Entry, number, tag.Span, bytes);
            tag = JournalSeal.TagOf(bytes[..part]);
            bytes = bytes[part..];
            if (number == least.Entries && !tag.Span.SequenceEqual(least.Tag)) throw Damaged($"its entry {number} is not the one that its row names");
            history = Add(history, Decode(content, number), number);
            (history.Tag, history.Bytes) = (tag.ToArray(), length);
        }

        int count = history?.Count ?? 0;
        if (count != head.Entries || !tag.Span.SequenceEqual(head.Tag)) throw Damaged($"it has {count} entries, and its head names {head.Entries}");
        if (count < least.Entries) throw Damaged($"it has {count} entries, and its row names {least.Entries}: it is cut");
        return history ?? throw Damaged("it is empty");
    }

    private static (int Entries, byte[] Tag) ReadHead(JournalSeal seal, ImmutableArray<byte> head)
    {
        (int length, byte[] content) = seal.Open(SealPurpose.Head, 0, JournalSeal.NoTag.Span, head.AsSpan());
        if (length != head.Length || content.Length != sizeof(int) + JournalSeal.TagBytes) throw Damaged("its head is damaged");
        return (BinaryPrimitives.ReadInt32LittleEndian(content), content[sizeof(int)..]);
    }

    private static JournalEntry Decode(ReadOnlyMemory<byte> content, int number)
    {
        try
        {
            return JournalFormat.Read(content);
        }
        catch (ProtocolException fault)
        {
            throw Damaged($"entry {number} is damaged: {fault.Message}", fault);
        }
    }

    private static JournalHistory Add(JournalHistory? history, JournalEntry entry, int number)
    {
        if (entry is JournalEntry.Opened opened != (history is null)) throw Damaged($"entry {number} is out of order");
        history ??= new JournalHistory((JournalEntry.Opened)entry);
        if (history.End is not null) throw Damaged($"entry {number} comes after the end");
        history.Entries.Add(entry);
        history.Count++;
        if (entry is JournalEntry.Happened { Event: var happened }) history._happened.Add(happened);
        if (!history.TryTake(entry)) throw Damaged($"entry {number} is out of order");
        return history;
    }

    /// <summary>False if the entry contradicts those before it.</summary>
    private bool TryTake(JournalEntry entry)
    {
        // After a failure the script has no more entries.
        if (Failing is not null && entry is not (JournalEntry.Happened { Event: NoticeEvent } or JournalEntry.Ended)) return false;
        switch (entry)
        {
            case JournalEntry.Happened { Event: ToolCallEvent call }:
                _steps.Add(call);
                return call.Call == ++_calls;
            case JournalEntry.Happened { Event: ToolResultEvent answer }:
                _answers.Add(answer);
                _waits.Remove(answer.Call);
                return HasCall(answer.Call) && _answered.TryAdd(answer.Call, answer with { Value = ScriptValue.Undefined });
            case JournalEntry.Happened { Event: ConsoleEvent line }:
                _steps.Add(line);
                return true;
            case JournalEntry.Happened { Event: NoticeEvent notice }: return HasPlace(notice);
            case JournalEntry.Waiting { Wait: var wait }: return HasCall(wait.Call) && !_answered.ContainsKey(wait.Call) && _waits.TryAdd(wait.Call, wait);
            case JournalEntry.Decided decided: return _waits.Remove(decided.Call) && _decided.Add(decided.Call);
            case JournalEntry.Failing failing:
                Failing = failing;
                _waits.Clear();
                return true;
            case JournalEntry.Suspended suspended:
                Left = suspended.Left;
                return true;
            case JournalEntry.Ended ended:
                End = ended;
                return true;
            default: return true;
        }
    }

    /// <summary>False for a notice about a call that was not made, and for a compensation that is over or comes before the failure.</summary>
    private bool HasPlace(NoticeEvent notice)
    {
        if (notice is { Kind: NoticeKind.ToolChanged, Name: { } tool }) _changedTools.Add(tool);
        if (notice.Kind < NoticeKind.Compensating) return notice.Call == 0 || HasCall(notice.Call);
        NoticeKind? before = CompensationOf(notice.Call);
        _compensations[notice.Call] = notice.Kind;
        return Failing is not null && _answered.TryGetValue(notice.Call, out ToolResultEvent? answer) && answer.Failure is null
            && (before is null ? notice.Kind != NoticeKind.Compensated : before == NoticeKind.Compensating && notice.Kind != NoticeKind.Compensating);
    }

    private bool HasCall(uint call) => call >= 1 && call <= _calls;

    private static JournalException Damaged(string why, Exception? cause = null) => new(JournalFault.Damaged, $"the journal is refused: {why}", cause);
}
