using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>The time of a run's timers: the machine's, or in a repeatable run what the host answers (native/runner.cc).</summary>
internal sealed class ScriptTimers(ScriptRuntime runtime, RunOrigin origin)
{
    private const string Name = "enclave:timer";

    private readonly HashSet<uint> _calls = [];
    private double _now = origin.Milliseconds;
    private uint _call;
    private double _callDue;
    private bool _ticked;

    /// <summary>The calls for the time so far.</summary>
    public int Calls { get; private set; }

    private double Wake => Convert.ToDouble(runtime.Enter("wake"));

    /// <summary>In a repeatable run: true if timers are due since the last answer.</summary>
    public bool IsDue() => origin.IsRepeatable && _ticked && Wake <= runtime.Time.ShownOf(_now);

    /// <summary>Until the worker itself calls the first timer; null if it does not.</summary>
    public double? MillisecondsLeft() =>
        origin.IsRepeatable || Wake is not (< double.PositiveInfinity and var due) ? null : runtime.Time.MillisecondsUntil(due);

    /// <summary>Calls one timer. True if others are due at the same moment.</summary>
    public bool Fire()
    {
        _ticked = false;
        return runtime.Enter("fire") is true;
    }

    /// <summary>In a repeatable run: asks the host for the time of the first timer. Returns the reason to end the run.</summary>
    public StopReason Ask(FrameOutput output)
    {
        double wake = origin.IsRepeatable ? Wake : double.PositiveInfinity;
        if (double.IsPositiveInfinity(wake)) return StopReason.None;
        double due = Math.Max(runtime.Time.StepAt(wake), _now);
        if (_call != 0 && _callDue <= due) return StopReason.None;
        if (Calls >= ProtocolLimits.MaxTimeCalls) return StopReason.ToolCalls;
        if (_calls.Count >= ProtocolLimits.MaxPendingTimeCalls) return StopReason.PendingToolCalls;
        Calls++;
        (_call, _callDue) = (Convert.ToUInt32(runtime.Enter("takeId")), due);
        _calls.Add(_call);
        var arguments = new FrameBuffer();
        var writer = new MessagePackWriter(arguments);
        writer.WriteMapHeader(1);
        writer.WriteString("duration");
        writer.WriteInt64((long)(due - _now));
        output.AddToolCall(_call, Name, arguments.Written);
        return StopReason.None;
    }

    /// <summary>An answer came, and moves the script's clock. True if it answers a call for the time.</summary>
    public bool Take(in ToolResultMessage result)
    {
        if (!origin.IsRepeatable) return false;
        _ticked = true;
        if (result.HasTime) _now = Math.Max(_now, result.Milliseconds);
        bool isTime = _calls.Remove(result.CallId);
        if (isTime && result.CallId == _call) (_call, _now) = (0, Math.Max(_now, _callDue));
        runtime.Enter("setTime", _now);
        return isTime;
    }
}
