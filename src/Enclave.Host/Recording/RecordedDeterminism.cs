using System.Buffers.Binary;
using System.Security.Cryptography;
using Enclave.Outcomes;
using Enclave.Protocol;
using Enclave.Protocol.Messages;
using Enclave.Protocol.Values;
using Enclave.Runs;

namespace Enclave.Recording;

/// <summary>Records a run, up to a size in memory.</summary>
internal sealed class RecordedDeterminism(TimeProvider clock, Func<RecordedDeterminism, ExecutionResult, ExecutionRecording> finish) : RunDeterminism
{
    /// <summary>The size of each event, in addition to its text and values.</summary>
    private const int EventBytes = 64;

    private readonly Lock _gate = new();
    private readonly List<RecordedEvent> _events = [];
    private RunOrigin _origin;
    private long _bytes;
    private bool _holdsReferences;
    private long _now;

    public RunOrigin Origin
    {
        get
        {
            lock (_gate) return _origin;
        }
    }

    /// <summary>The events so far.</summary>
    public IReadOnlyList<RecordedEvent> Events
    {
        get
        {
            lock (_gate) return [.. _events];
        }
    }

    public override RunOrigin Start()
    {
        lock (_gate)
        {
            _now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            // The worker knows the seed. It reveals nothing of this process's other random numbers.
            return _origin = RunOrigin.Of(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong))), _now);
        }
    }

    public override void OnConsole(ExecutionJob job, IReadOnlyList<ConsoleEntry> lines)
    {
        foreach (ConsoleEntry line in lines) Add(new LineEvent((ConsoleLevel)line.Level, line.Text), ValueCost.MemoryOf(line.Text));
    }

    public override void OnToolCall(ExecutionJob job, ToolInvocation call) =>
        Add(new CallEvent(call.Id, call.Name, call.Args), ValueCost.MemoryOf(call.Name) + ValueMemory.Of(call.Args), call.Args);

    public override void Answered(ToolInvocation call, ToolOutcome outcome, Action<Func<long>> send)
    {
        long size = outcome.Failure is { } failure ? ValueCost.MemoryOf(failure.Message) : ValueMemory.Of(outcome.Value);
        send(() =>
        {
            lock (_gate)
            {
                // The machine's clock may be set back. The script's clock must not go back because a tool answered.
                _now = Math.Max(_now, clock.GetUtcNow().ToUnixTimeMilliseconds());
                Add(new AnswerEvent(call.Id, _now, outcome.Value, outcome.Failure), size, outcome.Value);
                return _now;
            }
        });
    }

    /// <summary>The result with the recording. Without one if the run was too large, or had references, whose values are gone with the run.</summary>
    public ExecutionResult Attach(ExecutionResult result)
    {
        lock (_gate)
        {
            return _bytes > ExecutionRecording.MaxRunBytes || _holdsReferences || result.Value.HasReference
                ? result
                : result with { Recording = finish(this, result) };
        }
    }

    private void Add(RecordedEvent happened, long size, ScriptValue? value = null)
    {
        lock (_gate)
        {
            _holdsReferences |= value is { HasReference: true };
            _bytes += size + EventBytes;
            if (_bytes <= ExecutionRecording.MaxRunBytes) _events.Add(happened);
            else _events.Clear();
        }
    }
}
