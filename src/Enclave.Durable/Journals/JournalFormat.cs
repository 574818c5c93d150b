using System.Buffers;
using System.Collections.Immutable;
using Enclave.Limits;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;

namespace Enclave.Journals;

/// <summary>The bytes of entries: one MessagePack array each, with its kind in front (docs/durable-runs.md).</summary>
internal static class JournalFormat
{
    /// <summary>The version in front of each sealed entry.</summary>
    public const byte Version = 1;

    private const int MaxText = 64 << 20, MaxName = 4096, OpenedFields = 13;

    /// <summary>The fault of data in a version that only a later Enclave writes.</summary>
    public static JournalException Later(string what) => new(JournalFault.LaterVersion, $"{what}, and this host reads version {Version}: update it");

    private enum Kind
    {
        Opened = 1,
        Called = 2,
        Answered = 3,
        Failed = 4,
        Printed = 5,
        Waiting = 6,
        Suspended = 7,
        Resumed = 8,
        Ended = 9,
        Decided = 10,
        Noted = 11,
        Failing = 12,
    }

    public static void Write(IBufferWriter<byte> output, JournalEntry entry)
    {
        var writer = new MessagePackWriter(output);
        switch (entry)
        {
            case JournalEntry.Opened opened: Write(writer, opened); break;
            case JournalEntry.Happened { Event: ToolCallEvent call }:
                Begin(writer, Kind.Called, call.HasCompensation ? 5 : 4);
                writer.WriteUInt64(call.Call);
                writer.WriteInt64(call.Time.ToUnixTimeMilliseconds());
                writer.WriteString(call.Name);
                ScriptValueCodec.Write(writer, call.Args);
                if (call.HasCompensation) writer.WriteBoolean(true);
                break;
            case JournalEntry.Happened { Event: ToolResultEvent { Failure: { } failure } answer }:
                Begin(writer, Kind.Failed, 5);
                writer.WriteUInt64(answer.Call);
                writer.WriteInt64(answer.ScriptTime!.Value);
                writer.WriteString(failure.Name);
                writer.WriteString(failure.Message);
                Write(writer, failure.Code);
                break;
            case JournalEntry.Happened { Event: ToolResultEvent answer }:
                Begin(writer, Kind.Answered, 3);
                writer.WriteUInt64(answer.Call);
                writer.WriteInt64(answer.ScriptTime!.Value);
                if (answer.Encoded is { } encoded) writer.WriteRaw(encoded.Bytes.Span);
                else ScriptValueCodec.Write(writer, answer.Value);
                break;
            case JournalEntry.Happened { Event: ConsoleEvent line }:
                Begin(writer, Kind.Printed, 3);
                writer.WriteInt64(line.Time.ToUnixTimeMilliseconds());
                writer.WriteInt64((int)line.Level);
                ScriptValueCodec.Write(writer, ScriptValue.OfString(line.Text));
                break;
            case JournalEntry.Happened { Event: NoticeEvent notice }:
                Begin(writer, Kind.Noted, 5);
                writer.WriteInt64(notice.Time.ToUnixTimeMilliseconds());
                writer.WriteInt64((int)notice.Kind);
                writer.WriteUInt64(notice.Call);
                Write(writer, notice.Name);
                Write(writer, notice.Message);
                break;
            case JournalEntry.Waiting { Wait: var wait }:
                Begin(writer, Kind.Waiting, 5);
                Write(writer, wait);
                break;
            case JournalEntry.Decided decided:
                Begin(writer, Kind.Decided, 1);
                writer.WriteUInt64(decided.Call);
                break;
            case JournalEntry.Suspended suspended:
                Begin(writer, Kind.Suspended, 1);
                writer.WriteInt64(suspended.Left.Ticks);
                break;
            case JournalEntry.Resumed resumed:
                Begin(writer, Kind.Resumed, 3);
                writer.WriteInt64(resumed.Time.ToUnixTimeMilliseconds());
                writer.WriteString(resumed.Engine);
                writer.WriteString(resumed.Version);
                break;
            case JournalEntry.Failing failing:
                Begin(writer, Kind.Failing, 3);
                writer.WriteInt64(failing.Time.ToUnixTimeMilliseconds());
                writer.WriteString(failing.Error);
                writer.WriteString(failing.Stats);
                break;
            case JournalEntry.Ended ended:
                Begin(writer, Kind.Ended, 3);
                ScriptValueCodec.Write(writer, ended.Value);
                Write(writer, ended.Error);
                writer.WriteString(ended.Stats);
                break;
            default: throw new ArgumentException($"no entry has this kind: {entry.GetType().Name}", nameof(entry));
        }
    }

    /// <summary>
    /// Reads one entry. Its bytes may be hostile. With a key they are from a holder of the key, perhaps of a newer version. Without a key they may be from any
    /// source.
    /// </summary>
    /// <exception cref="ProtocolException">They are not an entry.</exception>
    public static JournalEntry Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        int fields = reader.ReadArrayHeader() - 1;
        var kind = (Kind)reader.ReadInt32();
        // Later versions have added fields at the end.
        (int least, int most) = kind switch
        {
            Kind.Opened => (OpenedFields, OpenedFields + 4),
            Kind.Called => (4, 5),
            Kind.Answered or Kind.Printed or Kind.Resumed or Kind.Ended or Kind.Failing => (3, 3),
            Kind.Failed or Kind.Waiting or Kind.Noted => (5, 5),
            Kind.Suspended or Kind.Decided => (1, 1),
            _ => throw ProtocolException.At(reader.Consumed, $"an entry of kind {(int)kind}"),
        };
        if (fields < least || fields > most) throw ProtocolException.At(reader.Consumed, $"an entry of kind {kind} with {fields} fields");
        JournalEntry entry = kind switch
        {
            Kind.Opened => ReadOpened(ref reader, fields),
            Kind.Called => new JournalEntry.Happened(ReadCall(ref reader, fields)),
            Kind.Answered => new JournalEntry.Happened(Answer(reader.ReadUInt32(), RunOrigin.ReadTime(ref reader), null, ScriptValue.Undefined) with
            {
                Encoded = EncodedValue.Read(ref reader, bytes),
            }),
            Kind.Failed => new JournalEntry.Happened(Answer(
                reader.ReadUInt32(), RunOrigin.ReadTime(ref reader),
                new ToolFailure(reader.ReadString(MaxText), reader.ReadString(MaxText), Text(ref reader)), ScriptValue.Undefined)),
            Kind.Printed => new JournalEntry.Happened(
                new ConsoleEvent { Time = Time(ref reader), Level = Level(ref reader), Text = String(ref reader) }),
            Kind.Noted => new JournalEntry.Happened(ReadNotice(ref reader)),
            Kind.Waiting => new JournalEntry.Waiting(ReadWait(ref reader)),
            Kind.Suspended => new JournalEntry.Suspended(TimeSpan.FromTicks(reader.ReadInt64())),
            Kind.Resumed => new JournalEntry.Resumed(Time(ref reader), reader.ReadString(MaxName), reader.ReadString(MaxName)),
            Kind.Decided => new JournalEntry.Decided(reader.ReadUInt32()),
            Kind.Failing => new JournalEntry.Failing(Time(ref reader), reader.ReadString(MaxText), reader.ReadString(MaxText)),
            _ => new JournalEntry.Ended(Value(ref reader), Text(ref reader), reader.ReadString(MaxText)),
        };
        reader.ExpectEnd();
        return entry;
    }

    /// <summary>Writes the five fields of a wait.</summary>
    public static void Write(in MessagePackWriter writer, StoredWait wait)
    {
        writer.WriteUInt64(wait.Call);
        writer.WriteInt64((int)wait.Kind);
        writer.WriteString(wait.Name);
        writer.WriteString(wait.Token);
        Write(writer, wait.Until);
    }

    public static StoredWait ReadWait(ref MessagePackReader reader)
    {
        uint call = reader.ReadUInt32();
        int kind = reader.ReadInt32();
        if (!Enum.IsDefined((WaitKind)kind)) throw ProtocolException.At(reader.Consumed, $"a wait of kind {kind}");
        return new StoredWait(call, (WaitKind)kind, reader.ReadString(MaxName), reader.ReadString(MaxName), reader.TryReadNil() ? null : Time(ref reader));
    }

    /// <summary>A time in whole milliseconds, as journals and rows keep it.</summary>
    public static DateTimeOffset Rounded(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    public static void Write(in MessagePackWriter writer, DateTimeOffset? time)
    {
        if (time is null) writer.WriteNil();
        else writer.WriteInt64(time.Value.ToUnixTimeMilliseconds());
    }

    public static DateTimeOffset Time(ref MessagePackReader reader)
    {
        long time = RunOrigin.ReadTime(ref reader);
        if (time < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || time > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
            throw ProtocolException.At(reader.Consumed, $"a time of {time} ms");
        return DateTimeOffset.FromUnixTimeMilliseconds(time);
    }

    public static void Write(in MessagePackWriter writer, string? text)
    {
        if (text is null) writer.WriteNil();
        else writer.WriteString(text);
    }

    public static string? Text(ref MessagePackReader reader) => reader.TryReadNil() ? null : reader.ReadString(MaxText);

    private static void Begin(in MessagePackWriter writer, Kind kind, int fields)
    {
        writer.WriteArrayHeader(fields + 1);
        writer.WriteInt64((int)kind);
    }

    private static void Write(MessagePackWriter writer, JournalEntry.Opened opened)
    {
        Begin(writer, Kind.Opened, OpenedFields + (opened.Conversation is not null ? 4 : opened.Session is null ? 2 : 3));
        ScriptValueCodec.Write(writer, ScriptValue.OfString(opened.Code));
        writer.WriteInt64((int)opened.Language);
        writer.WriteString(opened.SourceName);
        writer.WriteString(opened.RunId);
        writer.WriteInt64((int)opened.Level);
        writer.WriteString(opened.Preset);
        writer.WriteBinary(opened.Globals.Span);
        opened.Limits.Write(ref writer);
        WriteHashes(writer, opened.Libraries);
        writer.WriteString(opened.Engine);
        writer.WriteString(opened.Version);
        writer.WriteUInt64(opened.Seed);
        writer.WriteInt64(opened.Start);
        WriteHashes(writer, opened.Tools);
        writer.WriteBinary(opened.Secret.ToBytes());
        if (opened.Session is { } session) Write(writer, session);
        else if (opened.Conversation is not null) writer.WriteNil();
        if (opened.Conversation is { } conversation) writer.WriteString(conversation);
    }

    private static void Write(in MessagePackWriter writer, DurableSession session)
    {
        writer.WriteArrayHeader(3 + session.OutsideTools.Count);
        writer.WriteString(session.Id);
        Write(writer, session.Owner);
        writer.WriteInt64(session.ToolTimeout?.Ticks ?? 0);
        foreach (string tool in session.OutsideTools) writer.WriteString(tool);
    }

    private static void WriteHashes(in MessagePackWriter writer, IReadOnlyDictionary<string, string> hashes)
    {
        writer.WriteMapHeader(hashes.Count);
        foreach ((string name, string hash) in hashes)
        {
            writer.WriteString(name);
            writer.WriteString(hash);
        }
    }

    private static JournalEntry.Opened ReadOpened(ref MessagePackReader reader, int fields)
    {
        var opened = new JournalEntry.Opened
        {
            Code = String(ref reader),
            Language = (ScriptLanguage)reader.ReadInt32(),
            SourceName = reader.ReadString(MaxName),
            RunId = reader.ReadString(MaxName),
            Level = (SecurityLevel)reader.ReadInt32(),
            Preset = reader.ReadString(MaxName),
            Globals = reader.ReadBinary(MaxText).ToArray(),
            Limits = RunLimits.Read(ref reader),
            Libraries = ReadHashes(ref reader),
            Engine = reader.ReadString(MaxName),
            Version = reader.ReadString(MaxName),
            Seed = reader.ReadUInt64(),
            Start = RunOrigin.ReadTime(ref reader),
            Tools = fields > OpenedFields ? ReadHashes(ref reader) : ImmutableDictionary<string, string>.Empty,
            Secret = fields > OpenedFields + 1 ? ReadSecret(ref reader) : default,
            Session = fields > OpenedFields + 2 ? ReadSession(ref reader) : null,
            Conversation = fields > OpenedFields + 3 ? reader.ReadString(MaxName) : null,
        };
        if (!Enum.IsDefined(opened.Language)) throw ProtocolException.At(reader.Consumed, $"a language {(int)opened.Language}");
        return opened;
    }

    private static RunSecret ReadSecret(ref MessagePackReader reader)
    {
        byte[] bytes = reader.ReadBinary(RunSecret.Size).ToArray();
        return bytes.Length == RunSecret.Size ? RunSecret.Of(bytes) : throw ProtocolException.At(reader.Consumed, $"a secret of {bytes.Length} bytes");
    }

    private static DurableSession? ReadSession(ref MessagePackReader reader)
    {
        if (reader.TryReadNil()) return null;
        int tools = reader.ReadArrayHeader() - 3;
        string id = reader.ReadString(MaxName);
        string? owner = Text(ref reader);
        long timeout = reader.ReadInt64();
        var outside = new List<string>();
        for (int i = 0; i < tools; i++) outside.Add(reader.ReadString(MaxName));
        return new DurableSession(id, owner, outside, timeout > 0 ? TimeSpan.FromTicks(timeout) : null);
    }

    private static Dictionary<string, string> ReadHashes(ref MessagePackReader reader)
    {
        int count = reader.ReadMapHeader();
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++) hashes[reader.ReadString(MaxName)] = reader.ReadString(MaxName);
        return hashes;
    }

    private static ToolCallEvent ReadCall(ref MessagePackReader reader, int fields) => new()
    {
        Call = reader.ReadUInt32(),
        Time = Time(ref reader),
        Name = reader.ReadString(MaxName),
        Args = Value(ref reader),
        HasCompensation = fields > 4 && reader.ReadBoolean(),
    };

    private static NoticeEvent ReadNotice(ref MessagePackReader reader)
    {
        DateTimeOffset time = Time(ref reader);
        var kind = (NoticeKind)reader.ReadInt32();
        if (!Enum.IsDefined(kind)) throw ProtocolException.At(reader.Consumed, $"a notice of kind {(int)kind}");
        return new NoticeEvent { Time = time, Kind = kind, Call = reader.ReadUInt32(), Name = Text(ref reader), Message = Text(ref reader) };
    }

    private static ToolResultEvent Answer(uint call, long time, ToolFailure? failure, ScriptValue value) =>
        new()
        {
            Call = call,
            Time = DateTimeOffset.FromUnixTimeMilliseconds(time),
            Name = "",
            Value = value,
            Failure = failure,
            Elapsed = TimeSpan.Zero,
            ScriptTime = time,
        };

    private static ScriptValue Value(ref MessagePackReader reader) => ScriptValueCodec.Read(ref reader, ValueLimits.Widest);

    private static string String(ref MessagePackReader reader)
    {
        ScriptValue text = Value(ref reader);
        return text.Kind == ScriptValueKind.String ? text.AsString() : throw ProtocolException.At(reader.Consumed, $"{text.Kind} in the place of a text");
    }

    private static ConsoleLevel Level(ref MessagePackReader reader)
    {
        var level = (ConsoleLevel)reader.ReadInt32();
        return Enum.IsDefined(level) ? level : throw ProtocolException.At(reader.Consumed, $"a console level {(int)level}");
    }
}
