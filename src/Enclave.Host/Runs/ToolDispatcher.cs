using Enclave.Limits;
using Enclave.Linux;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Workers;

namespace Enclave.Runs;

/// <summary>Passes the tool calls of one run to its first invoker and returns the answers. Counts, times and cancels the calls.</summary>
internal sealed class ToolDispatcher(JobSession session)
{
    private const int MaxNameCharacters = 100, MaxCodeCharacters = 100, MaxMessageCharacters = 4096;

    /// <summary>Bytes that a pipe takes at once. Larger answers count as the run's memory until the worker has taken them.</summary>
    private const int PipeBytes = 64 << 10;

    private static readonly ScriptValue s_noArguments = ScriptValue.OfObject(PropertyTable.Empty);

    private readonly Lock _gate = new();
    private RunMemory? _memory;
    private CancellationTokenSource? _ended;
    private bool _closed;
    private int _calls;
    private int _pending;
    private int _timers;
    private int _pendingTimers;
    private Dictionary<uint, OpenCall>? _open;
    private long _microseconds;

    /// <summary>All calls, those for timers included.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The calls of tools.</summary>
    public int ToolCalls => Volatile.Read(ref _calls) - Volatile.Read(ref _timers);

    /// <summary>Calls that have no answer.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Calls that the run may still make.</summary>
    public int Left => Math.Max(0, session.Job.Limits.MaxToolCalls - (Volatile.Read(ref _calls) - Volatile.Read(ref _timers)));

    /// <summary>The time of all calls, including those that are not answered yet.</summary>
    public TimeSpan Time
    {
        get
        {
            long now = Clock.Microseconds;
            lock (_gate) return Clock.Time(_microseconds + (_open?.Values.Sum((call) => Math.Max(0, now - call.Start)) ?? 0));
        }
    }

    /// <summary>The call that has run longest of those that are not answered yet; null if there is none.</summary>
    public OpenCall? Longest
    {
        get
        {
            lock (_gate) return _open is { Count: > 0 } ? _open.Values.MinBy((call) => call.Start) : null;
        }
    }

    /// <summary>Makes a call. False if there is no memory for its arguments: then the same message must be passed again when the session is resumed.</summary>
    /// <exception cref="ProtocolException">The worker exceeded a limit that it must enforce itself, or broke the order of calls.</exception>
    public bool TryCall(in ToolCallMessage message)
    {
        RunLimits limits = session.Job.Limits;
        if (message.CallId != (uint)_calls + 1) throw ProtocolException.At(0, $"tool call {message.CallId} after call {_calls}");
        (int made, int pending, int most, int mostPending) = TimerWait.Is(session.Job, message.Name)
            ? (_timers, Volatile.Read(ref _pendingTimers), ProtocolLimits.MaxTimeCalls, ProtocolLimits.MaxPendingTimeCalls)
            : (_calls - _timers, Volatile.Read(ref _pending) - Volatile.Read(ref _pendingTimers), limits.MaxToolCalls, limits.MaxPendingToolCalls);
        if (made >= most) throw ProtocolException.At(0, $"more than {most} calls like {message.Name}");
        if (pending >= mostPending) throw ProtocolException.At(0, $"more than {mostPending} calls like {message.Name} at once");
        if (message.Name.Length is 0 or > 256) throw ProtocolException.At(0, $"a tool name of {message.Name.Length} characters");
        if (ValueBounds.Exceeded(message.Cost, session.Job.Memory.PerRun) is { } excess)
        {
            Refuse(message, excess);
            return true;
        }

        HeldMemory? memory = session.Job.IsSettled ? HeldMemory.None : OpenMemory().HoldOrWait(message.Cost.Memory);
        if (memory is null) return false;
        if (session.Job.IsSettled)
        {
            // The run has ended: the call is counted, but its arguments are not read.
            Interlocked.Increment(ref _calls);
            if (TimerWait.Is(session.Job, message.Name)) Interlocked.Increment(ref _timers);
            memory.GiveBack();
            return true;
        }

        Begin(message, memory);
        return true;
    }

    /// <summary>The run has its answer: ends its tool calls.</summary>
    public void End()
    {
        CancellationTokenSource? ended;
        RunMemory? memory;
        lock (_gate)
        {
            _closed = true;
            (ended, memory) = (_ended, _memory);
        }

        memory?.End();

        // On the thread pool, because registered callbacks are user code.
        _ = ended?.CancelAsync();
    }

    public static ValueLimits Bounds(ExecutionJob job) => new()
    {
        MaxDepth = job.Limits.MaxValueDepth,
        MaxProperties = job.Limits.MaxValueProperties,
        MaxBytes = job.Limits.MaxValueBytes,
        // Each reference is a member of something, or the whole value.
        MaxReferences = job.HasReferences ? job.Limits.MaxValueProperties + 1 : 0,
    };

    private void Begin(in ToolCallMessage message, HeldMemory memory)
    {
        var reader = new MessagePackReader(message.Args);
        ScriptValue args = ScriptValueCodec.Read(ref reader, Bounds(session.Job));
        if (args.Kind is not (ScriptValueKind.Object or ScriptValueKind.Reference)) throw ProtocolException.At(0, $"tool arguments that are {args.Kind}");
        if (Count(message, args, memory) is not { } call) return;
        if (session.Job.Tools.TakesAtOnce(call)) _ = InvokeAsync(call);
        else session.Reader.AfterFrames(new WorkItem(this, call));
    }

    /// <summary>Counts a call and notifies the observers. Null for a repeated call of a resumed run, whose answer is on its way.</summary>
    private ToolInvocation? Count(in ToolCallMessage message, ScriptValue args, HeldMemory memory)
    {
        // In this order: a reader that finds a call among the counted ones finds it also among those without an answer.
        bool isTimer = TimerWait.Is(session.Job, message.Name);
        if (isTimer) Interlocked.Increment(ref _pendingTimers);
        Interlocked.Increment(ref _pending);
        if (isTimer) Interlocked.Increment(ref _timers);
        Interlocked.Increment(ref _calls);
        var call = new ToolInvocation(session.Job, message.CallId, message.Name, args, Context(message.CallId, memory)) { Memory = memory };
        if (!session.Job.IsObserved) return call;
        if (session.Job.Tell(new ToolCallEvent { Call = call.Id, Name = call.Name, Args = call.Args }) != Repetition.Done) return call;
        MarkAnswered(call);
        memory.Release();
        if (session.Job.Determinism?.Waits is { IsReplayed: true } waits) waits.Look();
        return null;
    }

    /// <summary>Fails a call without reading its arguments. The worker only needs an answer.</summary>
    private void Refuse(in ToolCallMessage message, string why)
    {
        var failure = new ToolFailure("RangeError", $"the arguments of {message.Name} are too large: {why}", ToolCode.ArgumentsTooLarge);
        if (Count(message, s_noArguments, HeldMemory.None) is not { } call) return;
        var outcome = new ToolOutcome(ScriptValue.Undefined, failure, TimeSpan.Zero);
        if (session.Job.Determinism is not { Ready.IsCompleted: false } determinism) Answer(call, outcome, [], HeldMemory.None);
        else _ = AnswerAfterAsync(determinism.Ready, call, outcome);
    }

    private void MarkAnswered(ToolInvocation call)
    {
        Interlocked.Decrement(ref _pending);
        if (TimerWait.Is(call)) Interlocked.Decrement(ref _pendingTimers);
    }

    private async Task AnswerAfterAsync(Task ready, ToolInvocation call, ToolOutcome outcome)
    {
        await ready.ConfigureAwait(false);
        Answer(call, outcome, [], HeldMemory.None);
    }

    /// <summary>The run's memory, created with its first call. Runs without calls need none.</summary>
    private RunMemory OpenMemory()
    {
        if (_memory is { } open) return open;
        lock (_gate)
        {
            _memory = new RunMemory(session.Job.Memory, session.Job.TenantKey, session.Resume);
            if (_closed) _memory.End();
            return _memory;
        }
    }

    private async Task InvokeAsync(ToolInvocation call)
    {
        // The run ended while this call waited for a thread. A tool must not act for a finished run.
        if (session.Job.IsSettled)
        {
            call.Memory.Release();
            return;
        }

        long start = Clock.Microseconds;
        if (!TimerWait.Is(call)) lock (_gate) (_open ??= []).Add(call.Id, new OpenCall(call.Name, start));
        ScriptValue value = ScriptValue.Undefined;
        ToolFailure? failure = null;
        byte[] payload = [];
        try
        {
            value = await MeasuredCall.CallAsync(call).ConfigureAwait(false);
            long size = EncodedSize.Of(value);
            int limit = session.Job.Limits.MaxValueBytes;
            if (size > limit) failure = new ToolFailure(
                "RangeError", $"the result of {call.Name} is {size} bytes; the limit is {limit} (MaxMessageBytes)", ToolCode.ResultTooLarge);
            else payload = ScriptValueCodec.EncodeSized(value, (int)size);
        }
        catch (ToolException fault)
        {
            failure = new ToolFailure(fault.Name.Length > MaxNameCharacters ? fault.Name[..MaxNameCharacters] : fault.Name, Cut(fault.Message),
                fault.Code?.Length > MaxCodeCharacters ? fault.Code[..MaxCodeCharacters] : fault.Code);
        }
#pragma warning disable CA1031 // Invokers say what scripts may know of a tool's failure. Any other exception may hold secrets, so its text is dropped.
        catch
#pragma warning restore CA1031
        {
            failure = new ToolFailure(ToolFailure.OfHost, $"{call.Name} failed", ToolCode.Failed);
        }

        HeldMemory? room = Hold(payload.Length);
        // The bytes may take over the memory that the value held, even if other calls wait for memory.
        if (room is null && call.Memory.Grown >= payload.Length && session.Lease.IsOnWorker) room = call.Memory;
        else call.Memory.Release();
        room ??= Hold(payload.Length);
        if (room is null) (failure, payload) = (NoRoom(call.Name, payload.Length), []);
        long took = Clock.Microseconds - start;
        lock (_gate)
        {
            if (_open?.Remove(call.Id) == true) _microseconds += took;
        }

        Answer(call, new ToolOutcome(failure is null ? value : ScriptValue.Undefined, failure, Clock.Time(took)), payload, room ?? HeldMemory.None);
    }

    private void Answer(ToolInvocation call, in ToolOutcome outcome, byte[] payload, HeldMemory memory)
    {
        ExecutionJob job = session.Job;
        job.Determinism?.Answering();
        MarkAnswered(call);
        if (job.IsSettled)
        {
            memory.Release();
            return;
        }

        call.Context.Reports?.Close();
        if (!job.IsObserved) Send(call, outcome.Failure, payload, memory, time: null);
        else if (job.Determinism is { } determinism) HandOverInTurn(determinism, call, outcome, payload, memory);
        else HandOver(call, outcome, payload, memory, time: null);
    }

    private void HandOverInTurn(RunDeterminism determinism, ToolInvocation call, ToolOutcome outcome, byte[] payload, HeldMemory memory) =>
        determinism.Answered(call.Id, outcome, memory.Release, (time) => HandOver(call, outcome, payload, memory, time));

    /// <summary>Sends an answer, and raises its event before the script can act on the answer.</summary>
    private void HandOver(ToolInvocation call, ToolOutcome outcome, byte[] payload, HeldMemory memory, Func<long>? time) => session.Job.Tell(() =>
    {
        // The time is taken while the frame is written, so an answer that is not sent moves no clock.
        long? now = null;
        Func<long>? taken = time is null ? null : () => now ??= time();
        ToolFailure? failure = Send(call, outcome.Failure, payload, memory, taken);
        return new ToolResultEvent
        {
            Call = call.Id,
            Name = call.Name,
            Value = failure is null ? outcome.Value : ScriptValue.Undefined,
            Failure = failure,
            Elapsed = outcome.Time,
            ScriptTime = now,
        };
    });

    /// <summary>Sends an answer, and returns the failure that the script gets; null for the value.</summary>
    private ToolFailure? Send(ToolInvocation call, ToolFailure? failed, byte[] payload, HeldMemory memory, Func<long>? time)
    {
        if (failed is not null) return SendFailure(call, failed, memory, time);
        try
        {
            session.Send((frames) => ToolResultMessage.WriteValue(frames, session.Job.Id, call.Id, payload, time?.Invoke()), memory);
            return null;
        }
        catch (OutOfMemoryException)
        {
            // The count allows these bytes, but no piece of memory has this size. Send a failure instead, because its frame is small.
            return SendFailure(call, NoRoom(call.Name, payload.LongLength), HeldMemory.None, time);
        }
    }

    private ToolFailure SendFailure(ToolInvocation call, ToolFailure failure, HeldMemory memory, Func<long>? time)
    {
        session.Send(
            (frames) => ToolResultMessage.WriteError(frames, session.Job.Id, call.Id, failure.Name, failure.Message, failure.Code, time?.Invoke()), memory);
        return failure;
    }

    /// <summary>Memory for an answer that may have to wait for the worker; null if there is no room.</summary>
    /// <remarks>Answers to a run that has left its worker wait in the host, the small ones too.</remarks>
    private HeldMemory? Hold(long bytes)
    {
        bool isSmall = bytes <= PipeBytes && session.Lease.IsOnWorker;
        return isSmall || session.Job.Determinism is { CountsAnswers: false } ? HeldMemory.None : OpenMemory().TryHold(bytes);
    }

    private ToolFailure NoRoom(string tool, long bytes) => new(
        "RangeError",
        $"the result of {tool} is {bytes} bytes, and has no room in the host beside what other calls of the run hold and results that its worker has not " +
        $"taken: the limit is {session.Job.Memory.PerRun} bytes (HostMemoryLimitPerRun). Await calls before making others",
        ToolCode.ResultTooLarge);

    private static string Cut(string text) => text.Length <= MaxMessageCharacters ? text : string.Concat(text.AsSpan(0, MaxMessageCharacters), "…");

    private ToolContext Context(uint call, HeldMemory memory)
    {
        lock (_gate)
        {
            _ended ??= new CancellationTokenSource();
            if (_closed) _ = _ended.CancelAsync();
            return new ToolContext(session.Job.Options?.Context, session.Job.Options?.Tenant, session.Job.SourceName, _ended.Token)
            {
                RunId = session.Job.RunId,
                IdempotencyKey = session.Job.Determinism?.KeyOf(call),
                Memory = memory,
                Counts = session.Job.ToolCounts,
                AllowsOrigin = session.Job.Options?.AllowsOrigin,
                Reports = session.Job.IsObserved ? new ToolReports(session.Job, call) : null,
            };
        }
    }

    private sealed class WorkItem(ToolDispatcher dispatcher, ToolInvocation call) : IFrameWork, IThreadPoolWorkItem
    {
        public void Run() => HandlerThreads.RunHere(call.Job.Turns, this);

        public void RunElsewhere() => HandlerThreads.Post(call.Job.Turns, this);

        public void Execute() => _ = dispatcher.InvokeAsync(call);
    }
}
