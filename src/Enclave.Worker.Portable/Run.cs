using System.Globalization;
using System.Text;
using Enclave.Protocol;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;

namespace Enclave.Worker.Portable;

/// <summary>
/// The effects of one run, counted against its limits and passed on, and its result. The host counts too: this side only ends the run sooner.
/// </summary>
internal sealed class Run(ScriptRuntime runtime, ScriptClock clock, FrameOutput output, RunLimits limits) : IScriptCalls
{
    private readonly FrameBuffer _value = new();
    private long _consoleCalls, _consoleBytes, _peakBytes;
    private readonly long _bytesAtBegin = runtime.HeldBytes;

    /// <summary>How the run ended; null before its end.</summary>
    public RunStatus? Status { get; private set; }

    /// <summary>The value or the error.</summary>
    public ReadOnlySpan<byte> Payload => _value.Written;

    public int ToolCalls { get; private set; }

    public int PendingCalls { get; set; }

    public long Iterations { get; set; }

    /// <summary>With <see cref="StopReason.Iterations"/>: the place of the loop.</summary>
    public long Where { get; private set; }

    public long PeakBytes => Math.Clamp(_peakBytes - _bytesAtBegin, 0, limits.MemoryBytes);

    public void Measure() => _peakBytes = Math.Max(_peakBytes, runtime.HeldBytes);

    public int CallTool(uint id, string name, ReadOnlySpan<char> arguments)
    {
        if (HasEnded()) return 0;
        _value.Clear();
        if (!ValueText.TryWrite(arguments, _value, limits.MaxValueBytes)) return Math.Max(limits.MaxValueBytes, 1);
        if (ToolCalls >= limits.MaxToolCalls) clock.Stop(StopReason.ToolCalls);
        else if (PendingCalls >= limits.MaxPendingToolCalls) clock.Stop(StopReason.PendingToolCalls);
        else
        {
            ToolCalls++;
            PendingCalls++;
            output.AddToolCall(id, name, _value.Written);
        }

        return 0;
    }

    public void WriteLine(int level, ReadOnlySpan<char> text, long wholeLength)
    {
        if (HasEnded()) return;
        if (++_consoleCalls > limits.MaxConsoleCalls)
        {
            clock.Stop(StopReason.ConsoleCalls);
            return;
        }

        byte[] line = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, line);
        long left = limits.MaxConsoleBytes - _consoleBytes;
        if (wholeLength > left || line.Length > left)
        {
            // Send the part that fits: it may explain why the script printed so much.
            output.AddLine(level, line.AsSpan(0, PrefixLength(line, left)));
            clock.Stop(StopReason.ConsoleBytes);
            return;
        }

        _consoleBytes += line.Length;
        output.AddLine(level, line);
    }

    public void LimitIterations(double total, double where)
    {
        if (HasEnded()) return;
        (Iterations, Where) = (Count(total), Math.Min(Count(where), int.MaxValue));
        clock.Stop(StopReason.Iterations);
    }

    public void Finish(ReadOnlySpan<char> value)
    {
        _value.Clear();
        if (ValueText.TryWrite(value, _value, limits.MaxValueBytes)) Status = RunStatus.Value;
        else Fail((int)ScriptErrorKind.Output, "RangeError", $"more than {limits.MaxValueBytes} bytes at $", "", "", "");
    }

    public void Fail(int kind, string name, string message, string stack, string tool, string code, string causes = "", string errors = "")
    {
        Status = RunStatus.Error;
        _value.Clear();
        var writer = new MessagePackWriter(_value);
        writer.WriteArrayHeader(8);
        writer.WriteInt64(kind);
        writer.WriteString(name);
        writer.WriteString(message);
        foreach (string text in (ReadOnlySpan<string>)[stack, tool, code])
        {
            if (text.Length == 0) writer.WriteNil();
            else writer.WriteString(text);
        }

        foreach (string packed in (ReadOnlySpan<string>)[causes, errors])
        {
            string[] parts = [.. Unpack(packed)];
            writer.WriteArrayHeader(parts.Length);
            foreach (string part in parts) writer.WriteString(part);
        }
    }

    public void Fault(Exception fault)
    {
        if (fault is not OutOfMemoryException) Ending.Exit(WorkerExit.Fatal, fault.ToString());
        clock.Stop(StopReason.Memory);
    }

    /// <summary>
    /// True if the run has been stopped. V8 forgets an interruption once no script is on the stack; a script that runs then is interrupted again.
    /// </summary>
    private bool HasEnded()
    {
        if (clock.Reason == StopReason.None) return false;
        clock.Stop(clock.Reason);
        return true;
    }

    /// <summary>Texts as Prelude/stacks.js packs them: a length, a semicolon, so many characters.</summary>
    private static IEnumerable<string> Unpack(string packed)
    {
        for (int at = 0; at < packed.Length;)
        {
            int mark = packed.IndexOf(';', at), length = int.Parse(packed.AsSpan(at, mark - at), CultureInfo.InvariantCulture);
            yield return packed.Substring(mark + 1, length);
            at = mark + 1 + length;
        }
    }

    private static long Count(double value) => value > 0 ? (long)value : 0;

    /// <summary>The longest prefix of at most this many bytes that ends with a whole character.</summary>
    private static int PrefixLength(ReadOnlySpan<byte> text, long most)
    {
        if (text.Length <= most) return text.Length;
        int end = (int)Math.Max(most, 0);
        while (end > 0 && (text[end] & 0xc0) == 0x80) end--;
        return end;
    }
}
