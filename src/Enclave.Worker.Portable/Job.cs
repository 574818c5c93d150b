using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Microsoft.ClearScript;
using Microsoft.ClearScript.V8;

namespace Enclave.Worker.Portable;

/// <summary>Runs one program: compile, run, microtasks, answers of tools, the value at the end.</summary>
internal sealed class Job(ScriptRuntime runtime, ScriptClock clock, FrameInput input, FrameOutput output, in ExecuteMessage message)
{
    // The same wrapper as in the native worker (native/job.cc). The line feed keeps the columns of the first line; Prelude/stacks.js takes the line off again.
    private const string Prefix =
        "(function (__ag_limit, __ag_key, __ag_each, __ag_total) { let __ag_n = 0; return [() => __ag_n, async function () { \"use strict\";\n";
    private const string Suffix = "\n}]; })";

    private readonly ExecuteMessage _message = message;
    private readonly Run _run = new(runtime, clock, output, message.Limits);
    private readonly ScriptTimers _timers = new(runtime, message.Origin);

    /// <summary>Runs it to its end and sends its result. False if the worker takes no other job.</summary>
    public bool Execute()
    {
        bool isPending = Start();
        while (isPending)
        {
            bool isDue = false;
            double? left = null;
            if (!Step(() => isDue = _timers.IsDue()) || (!isDue && !Step(Ask))) break;
            Step(() => left = _timers.MillisecondsLeft());
            output.Flush();
            if (clock.CpuIsSpent) clock.Stop(StopReason.Cpu);
            if (!isDue && input.NextOfJob(left) is var (type, body)) isPending = Answer(type, body);
            else isPending = clock.Reason == StopReason.None && Fire();
        }

        if (clock.Reason == StopReason.None) Step(() => _run.Iterations = Convert.ToInt64(runtime.Enter("iterations")));
        return Report();
    }

    private bool Start()
    {
        RunLimits limits = _message.Limits;
        RunOrigin origin = _message.Origin;
        ulong seed = origin.IsRepeatable ? origin.Seed : BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
        runtime.Begin(_run, seed, origin.IsRepeatable ? new RepeatableBytes(origin.Secret) : null);
        runtime.LimitHeap(limits.MemoryBytes);
        if (!Step(Prepare) || _run.Status is not null) return false;
        V8Script? program = null;
        string source = Encoding.UTF8.GetString(_message.Source.Span);
        if (!Step(() => program = Compile(source)) || program is null) return false;
        return Step(() =>
        {
            using (program) runtime.Enter("start", runtime.Evaluate(program), limits.MaxIterations + 1.0, (double)limits.MaxTotalIterations);
        }) && Conclude();
    }

    private void Prepare()
    {
        RunLimits limits = _message.Limits;
        runtime.Enter("limits", limits.MaxValueDepth, limits.MaxValueProperties, limits.MaxValueBytes, (double)Math.Max(limits.MaxConsoleBytes, 0));
        runtime.Enter("setSource", Encoding.UTF8.GetString(_message.SourceName.Span));
        if (_message.Origin.IsRepeatable) runtime.Enter("setTime", (double)_message.Origin.Milliseconds);
        runtime.Enter("begin");
        // An empty map.
        if (_message.Globals.Span is [0x80]) return;
        try
        {
            if (ScriptValueKindOf(_message.Globals.Span) != ScriptValueKind.Object) throw ProtocolException.At(0, "globals that are no map");
            (string json, string others) = ValueJson.Of(_message.Globals);
            runtime.Enter("globals", json, others);
        }
        catch (Exception fault) when (fault is ProtocolException or ScriptEngineException { IsFatal: false })
        {
            _run.Fail((int)ScriptErrorKind.Value, "TypeError", "the globals could not be installed", "", "", "");
        }
    }

    private static ScriptValueKind ScriptValueKindOf(ReadOnlySpan<byte> encoded) =>
        (encoded[0] & 0xf0) == 0x80 || encoded[0] is 0xde or 0xdf ? ScriptValueKind.Object : ScriptValueKind.Undefined;

    private V8Script? Compile(string source)
    {
        string name = Encoding.UTF8.GetString(_message.SourceName.Span);
        try
        {
            return runtime.Compile(name, $"{Prefix}{source}{Suffix}");
        }
        catch (ScriptEngineException fault) when (!fault.IsFatal)
        {
            var error = new CompileError(fault, name);
            int lines = source.Count((c) => c == '\n') + 1;
            // V8 failed at the end of the wrapper: for the user, the source ended too early.
            if (error.Line > lines) error = error.AtEnd(lines, source.Length - source.LastIndexOf('\n'));
            _run.Fail((int)ScriptErrorKind.Syntax, error.Name, error.Message, error.Stack, "", "");
            return null;
        }
    }

    /// <summary>Continues the run with a frame. True if the run waits for another frame.</summary>
    private bool Answer(FrameType type, byte[] body)
    {
        switch (type)
        {
            case FrameType.ToolResult:
                ToolResultMessage result = ToolResultMessage.Read(body);
                if (result.JobId != _message.JobId) throw ProtocolException.At(0, "a tool result for another job");
                bool isTime = false;
                if (!Step(() => isTime = _timers.Take(result))) return false;
                if (isTime) return true;
                _run.PendingCalls--;
                return Step(() => Settle(result)) && Conclude();
            case FrameType.Suspend:
                SuspendMessage suspend = SuspendMessage.Read(body);
                if (suspend.JobId != _message.JobId || suspend.Calls != _run.ToolCalls + _timers.Calls) return true;
                clock.Stop(StopReason.Suspended);
                return false;
            case FrameType.Cancel or FrameType.Deadline:
                // The frame belongs to an earlier job: frames of this job were handled when they arrived.
                return true;
            default:
                throw ProtocolException.At(0, $"a frame of type {type} while a job runs");
        }
    }

    private void Settle(in ToolResultMessage result)
    {
        (string first, string second, object third) = ("", "", DBNull.Value);
        bool isValue = result.Kind == ToolResultKind.Value;
        try
        {
            if (isValue) (first, second) = ValueJson.Of(result.Payload);
            else (first, second, third) = ErrorOf(result.Payload);
        }
        catch (ProtocolException)
        {
            // The prelude cannot read an empty text either: the script gets its error.
        }

        runtime.Enter("settle", (double)result.CallId, isValue, first, second, third);
    }

    private static (string Name, string Message, object Code) ErrorOf(ReadOnlyMemory<byte> payload)
    {
        ScriptValue error = ScriptValueCodec.Decode(new(payload), ValueLimits.Widest);
        bool isError = error is { Kind: ScriptValueKind.Array, Count: >= 2 }
            && error[0].Kind == ScriptValueKind.String && error[1].Kind == ScriptValueKind.String;
        if (!isError) return ("ToolError", "ToolError", DBNull.Value);
        return (error[0].AsString(), error[1].AsString(), error.Count > 2 && error[2].Kind == ScriptValueKind.String ? error[2].AsString() : DBNull.Value);
    }

    private void Ask()
    {
        if (_timers.Ask(output) is var reason and not StopReason.None) clock.Stop(reason);
    }

    /// <summary>Calls the timers that are due. True if the run waits for more.</summary>
    private bool Fire()
    {
        bool hasMore = true, isPending = true;
        while (hasMore && isPending) isPending = Step(() => hasMore = _timers.Fire()) && Conclude();
        return isPending;
    }

    /// <summary>The state of the run when no microtask is left. True if it waits for tools.</summary>
    private bool Conclude()
    {
        bool isPending = false;
        return Step(() => isPending = runtime.Enter("conclude") is true) && isPending;
    }

    /// <summary>Script code may run in this step. False if the run has ended by a limit or by the host.</summary>
    private bool Step(Action step)
    {
        if (!clock.TryEnter(runtime)) return false;
        try
        {
            step();
        }
        catch (ScriptInterruptedException)
        {
            clock.Stop(StopReason.Cancelled);
        }
        catch (ScriptEngineException fault) when (fault.IsFatal)
        {
            clock.Stop(StopReason.Memory);
        }
        catch (ScriptEngineException fault)
        {
            _run.Fail((int)ScriptErrorKind.Thrown, "Error", fault.Message.Length > 1000 ? fault.Message[..1000] : fault.Message, "", "", "");
            return false;
        }
        finally
        {
            clock.Leave();
        }

        return clock.Reason == StopReason.None;
    }

    private bool Report()
    {
        StopReason reason = clock.Reason;
        bool isReady = reason is StopReason.None or StopReason.Cancelled or StopReason.Suspended;
        if (reason is not StopReason.Memory) _run.Measure();
        long iterations = reason is StopReason.None or StopReason.Iterations ? _run.Iterations : 0;
        var usage = new RunUsage(clock.CpuUsed, _run.ToolCalls, iterations, isReady ? 1 : 0, _run.PeakBytes);
        output.Send((frames) =>
        {
            if (reason != StopReason.None) ResultMessage.WriteStopped(frames, _message.JobId, reason, reason == StopReason.Iterations ? _run.Where : 0, usage);
            else ResultMessage.Write(frames, _message.JobId, _run.Status ?? RunStatus.Error, _run.Payload, usage);
        });
        return isReady;
    }
}
