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
    private readonly List<ExecutionEvent> _events = [];
    private RunOrigin _origin;
    private long _bytes;
    private bool _holdsReferences;
    private bool _hasStarted;
    private long _now;

    public RunOrigin Origin
    {
        get
        {
            lock (_gate) return _origin;
        }
    }

    /// <summary>True if a worker has begun with the run.</summary>
    public bool HasStarted
    {
        get
        {
            lock (_gate) return _hasStarted;
        }
    }

    /// <summary>The events so far.</summary>
    public IReadOnlyList<ExecutionEvent> Events
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
            _hasStarted = true;
            _now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            return _origin = RunOrigin.Of(NewSeed(), _now, RunSecret.New());
        }
    }

    public override void Take(ExecutionJob job, ExecutionEvent happened)
    {
        switch (happened)
        {
            case ConsoleEvent line: Add(line, ValueCost.MemoryOf(line.Text)); break;
            case ToolCallEvent call: Add(call, ValueCost.MemoryOf(call.Name) + ValueMemory.Of(call.Args), call.Args); break;
            // An answer without a time was not sent to the script.
            case ToolResultEvent { ScriptTime: null }: break;
            case ToolResultEvent { Failure: { } failure } answer: Add(answer, ValueCost.MemoryOf(failure.Message)); break;
            case ToolResultEvent answer: Add(answer, ValueMemory.Of(answer.Value), answer.Value); break;
        }
    }

    /// <inheritdoc/>
    public override IToolInvoker Station(StationRank rank, IToolInvoker next) => rank == StationRank.First ? new RecordedTimers(next, clock) : next;

    public override void Answered(uint call, in ToolOutcome outcome, Action drop, Action<Func<long>> hand) => hand(Now);

    /// <summary>Adds the recording to the result. Not if the run was too large, or had references, whose values end with the run.</summary>
    public ExecutionResult Attach(ExecutionResult result)
    {
        lock (_gate)
        {
            return _bytes > ExecutionRecording.MaxRunBytes || _holdsReferences || result.Value.HasReference
                ? result
                : result with { Recording = finish(this, result) };
        }
    }

    private long Now()
    {
        // The machine's clock may be set back. The script's clock must not go back because a tool answered.
        lock (_gate) return _now = Math.Max(_now, clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private void Add(ExecutionEvent happened, long size, ScriptValue? value = null)
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
