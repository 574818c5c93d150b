using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;

namespace Enclave.Worker.Jobs;

/// <summary>Counts what a script causes against its limits and passes it on. The host counts too: this side only ends the run sooner.</summary>
internal sealed class JobBudget(Outbox outbox) : IScriptEvents
{
    private RunLimits? _limits;
    private int _consoleCalls;
    private long _consoleBytes;

    public int ToolCalls { get; private set; }

    public int PendingToolCalls { get; private set; }

    public void Begin(RunLimits limits)
    {
        _limits = limits;
        ToolCalls = PendingToolCalls = _consoleCalls = 0;
        _consoleBytes = 0;
    }

    public void Answered() => PendingToolCalls--;

    public StopReason OnToolCall(uint callId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> args)
    {
        if (ToolCalls >= _limits!.MaxToolCalls) return StopReason.ToolCalls;
        if (PendingToolCalls >= _limits.MaxPendingToolCalls) return StopReason.PendingToolCalls;
        ToolCalls++;
        PendingToolCalls++;
        outbox.AddToolCall(callId, name, args);
        return StopReason.None;
    }

    public StopReason OnConsole(int level, ReadOnlySpan<byte> text, long wholeLength)
    {
        if (++_consoleCalls > _limits!.MaxConsoleCalls) return StopReason.ConsoleCalls;
        long left = _limits.MaxConsoleBytes - _consoleBytes;
        if (wholeLength > left || text.Length > left)
        {
            // What fits is shown: it may be what explains the rest.
            outbox.AddConsole(level, Utf8Prefix(text, left));
            return StopReason.ConsoleBytes;
        }

        _consoleBytes += text.Length;
        outbox.AddConsole(level, text);
        return StopReason.None;
    }

    private static ReadOnlySpan<byte> Utf8Prefix(ReadOnlySpan<byte> text, long max)
    {
        if (text.Length <= max) return text;
        var end = (int)max;
        while (end > 0 && (text[end] & 0xc0) == 0x80) end--;
        return text[..end];
    }
}
