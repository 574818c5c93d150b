using Enclave.Execution;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Workers;

namespace Enclave.Tools;

/// <summary>Takes the tool calls of one run to the handler and the answers back. Counts, times and cancels them.</summary>
internal sealed class ToolDispatcher(JobSession session, ToolHandler? handler)
{
    private const int MaxMessageCharacters = 4096;

    private readonly Lock _gate = new();
    private CancellationTokenSource? _ended;
    private bool _closed;
    private int _calls;
    private int _pending;
    private long _microseconds;

    public int Calls => Volatile.Read(ref _calls);

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
        ScriptValue args = ScriptValueCodec.Read(ref reader, Bounds(limits));
        if (args.Kind != ScriptValueKind.Object) throw ProtocolException.At(0, $"tool arguments that are {args.Kind}");
        Interlocked.Increment(ref _calls);
        Interlocked.Increment(ref _pending);
        var call = new Invocation(this, message.CallId, message.Name, args);
        // User code never runs on the worker's thread.
        ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: false);
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

    public static ValueLimits Bounds(RunLimits limits) =>
        new() { MaxDepth = limits.MaxValueDepth, MaxProperties = limits.MaxValueProperties, MaxBytes = limits.MaxValueBytes };

    private async Task InvokeAsync(Invocation call)
    {
        // Ended while this waited for a thread: a tool must not act for a run that has its answer.
        if (session.Job.IsSettled) return;
        long start = Clock.Microseconds;
        try
        {
            if (handler is null) throw new ToolException("no tool is available: the host has no ToolHandler");
            object? result = await handler(call.Name, call.Args, Context()).ConfigureAwait(false);
            Answer(call, ScriptValue.From(result));
        }
        catch (ToolException failure)
        {
            Refuse(call, failure.Name, failure.Message, failure.Code);
        }
#pragma warning disable CA1031 // A tool may fail with anything; the script gets its message, and the run goes on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Refuse(call, "Error", failure.Message, null);
        }
        finally
        {
            Interlocked.Add(ref _microseconds, Clock.Microseconds - start);
        }
    }

    private void Answer(Invocation call, ScriptValue value)
    {
        byte[] payload = ScriptValueCodec.Encode(value);
        int limit = session.Job.Limits.MaxValueBytes;
        if (payload.Length > limit)
        {
            Refuse(call, "RangeError", $"the result of {call.Name} is {payload.Length} bytes; the limit is {limit} (MaxMessageBytes)", "TOOL_RESULT_TOO_LARGE");
            return;
        }

        Reply((frames) => ToolResultMessage.WriteValue(frames, session.Job.Id, call.Id, payload));
    }

    private void Refuse(Invocation call, string name, string message, string? code)
    {
        if (message.Length > MaxMessageCharacters) message = string.Concat(message.AsSpan(0, MaxMessageCharacters), "…");
        if (name.Length > 100) name = name[..100];
        Reply((frames) => ToolResultMessage.WriteError(frames, session.Job.Id, call.Id, name, message, code));
    }

    private void Reply(Action<FrameBuffer> write)
    {
        Interlocked.Decrement(ref _pending);
        if (!session.Job.IsSettled) session.Send(write);
    }

    private ToolContext Context()
    {
        lock (_gate)
        {
            _ended ??= new CancellationTokenSource();
            if (_closed) _ = _ended.CancelAsync();
            return new ToolContext(session.Job.Options?.Context, session.Job.Options?.Tenant, session.Job.SourceName, _ended.Token);
        }
    }

    private sealed class Invocation(ToolDispatcher dispatcher, uint id, string name, ScriptValue args) : IThreadPoolWorkItem
    {
        public uint Id { get; } = id;

        public string Name { get; } = name;

        public ScriptValue Args { get; } = args;

        public void Execute() => _ = dispatcher.InvokeAsync(this);
    }
}
