using Enclave.Execution;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Recording;
using Enclave.Workers;

namespace Enclave.Tools;

/// <summary>Takes the tool calls of one run to its port and the answers back. Counts, times and cancels them.</summary>
internal sealed class ToolDispatcher(JobSession session)
{
    private const int MaxNameCharacters = 100, MaxCodeCharacters = 100, MaxMessageCharacters = 4096;

    private readonly Lock _gate = new();
    private CancellationTokenSource? _ended;
    private bool _closed;
    private int _calls;
    private int _pending;
    private long _microseconds;

    public int Calls => Volatile.Read(ref _calls);

    public bool IsPending => Volatile.Read(ref _pending) > 0;

    public TimeSpan Time => Clock.Time(Interlocked.Read(ref _microseconds));

    /// <exception cref="ProtocolException">The worker passed a limit that it enforces itself, or broke the order of calls.</exception>
    public void Call(in ToolCallMessage message)
    {
        RunLimits limits = session.Job.Limits;
        if (message.CallId != (uint)_calls + 1) throw ProtocolException.At(0, $"tool call {message.CallId} after call {_calls}");
        if (_calls >= limits.MaxToolCalls) throw ProtocolException.At(0, $"more than {limits.MaxToolCalls} tool calls");
        if (Volatile.Read(ref _pending) >= limits.MaxPendingToolCalls) throw ProtocolException.At(0, $"more than {limits.MaxPendingToolCalls} tool calls at once");
        if (message.Name.Length is 0 or > 256) throw ProtocolException.At(0, $"a tool name of {message.Name.Length} characters");
        var reader = new MessagePackReader(message.Args);
        ScriptValue args = ScriptValueCodec.Read(ref reader, Bounds(session.Job));
        if (args.Kind is not (ScriptValueKind.Object or ScriptValueKind.Reference)) throw ProtocolException.At(0, $"tool arguments that are {args.Kind}");
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _pending);
        var call = new ToolInvocation(session.Job, message.CallId, message.Name, args, Context(message.CallId));
        foreach (RunObserver observer in session.Job.Observers) observer.OnToolCall(session.Job, call);
        if (session.Job.Tools.TakesAtOnce(call)) _ = InvokeAsync(call);
        else session.AfterFrames(new WorkItem(this, call));
    }

    /// <summary>The run has its answer: nobody waits for tools any more.</summary>
    public void End()
    {
        CancellationTokenSource? ended;
        lock (_gate)
        {
            _closed = true;
            ended = _ended;
        }

        // On the pool: registered callbacks are user code.
        _ = ended?.CancelAsync();
    }

    public static ValueLimits Bounds(ExecutionJob job) => new()
    {
        MaxDepth = job.Limits.MaxValueDepth,
        MaxProperties = job.Limits.MaxValueProperties,
        MaxBytes = job.Limits.MaxValueBytes,
        // Each is a member of something, or the whole value.
        MaxReferences = job.References is null ? 0 : job.Limits.MaxValueProperties + 1,
    };

    private async Task InvokeAsync(ToolInvocation call)
    {
        // Ended while this waited for a thread: a tool must not act for a run that has its answer.
        if (session.Job.IsSettled) return;
        long start = Clock.Microseconds;
        ScriptValue value = ScriptValue.Undefined;
        ToolFailure? failure = null;
        byte[] payload = [];
        try
        {
            value = await MeasuredCall.CallAsync(call).ConfigureAwait(false);
            payload = ScriptValueCodec.Encode(value);
            int limit = session.Job.Limits.MaxValueBytes;
            if (payload.Length > limit) failure = new ToolFailure("RangeError", $"the result of {call.Name} is {payload.Length} bytes; the limit is {limit} (MaxMessageBytes)", ToolCode.ResultTooLarge);
        }
        catch (ToolException fault)
        {
            failure = new ToolFailure(fault.Name.Length > MaxNameCharacters ? fault.Name[..MaxNameCharacters] : fault.Name, Cut(fault.Message), fault.Code?.Length > MaxCodeCharacters ? fault.Code[..MaxCodeCharacters] : fault.Code);
        }
#pragma warning disable CA1031 // A tool may fail with anything; the script gets its message, and the run goes on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            failure = new ToolFailure("Error", Cut(fault.Message), null);
        }

        long took = Clock.Microseconds - start;
        Interlocked.Add(ref _microseconds, took);
        Answer(call, new ToolOutcome(failure is null ? value : ScriptValue.Undefined, failure, Clock.Time(took)), payload);
    }

    private void Answer(ToolInvocation call, in ToolOutcome outcome, byte[] payload)
    {
        Interlocked.Decrement(ref _pending);
        ExecutionJob job = session.Job;
        if (job.IsSettled) return;
        call.Context.Reports?.Close();
        foreach (RunObserver observer in job.Observers) observer.OnToolAnswer(job, call, outcome);
        if (job.Course is { } course) AnswerInTurn(course, call, outcome, payload);
        else Send(call.Id, outcome.Failure, payload, time: null);
    }

    private void AnswerInTurn(RunCourse course, ToolInvocation call, in ToolOutcome outcome, byte[] payload)
    {
        ToolFailure? failure = outcome.Failure;
        course.Answered(call, outcome, (time) => Send(call.Id, failure, payload, time));
    }

    private void Send(uint call, ToolFailure? failed, byte[] payload, Func<long>? time)
    {
        ulong job = session.Job.Id;
        if (failed is { } failure) session.Send((frames) => ToolResultMessage.WriteError(frames, job, call, failure.Name, failure.Message, failure.Code, time?.Invoke()));
        else session.Send((frames) => ToolResultMessage.WriteValue(frames, job, call, payload, time?.Invoke()));
    }

    private static string Cut(string text) => text.Length <= MaxMessageCharacters ? text : string.Concat(text.AsSpan(0, MaxMessageCharacters), "…");

    private ToolContext Context(uint call)
    {
        lock (_gate)
        {
            _ended ??= new CancellationTokenSource();
            if (_closed) _ = _ended.CancelAsync();
            return new ToolContext(session.Job.Options?.Context, session.Job.Options?.Tenant, session.Job.SourceName, _ended.Token)
            {
                Reports = session.Job.Observers.Count == 0 ? null : new ToolReports(session.Job, call),
            };
        }
    }

    private sealed class WorkItem(ToolDispatcher dispatcher, ToolInvocation call) : IThreadPoolWorkItem
    {
        public void Execute() => _ = dispatcher.InvokeAsync(call);
    }
}
