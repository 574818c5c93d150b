using System.Text;
using Enclave.Protocol.Messages;
using Enclave.Worker.Engine;

namespace Enclave.EngineProbe;

/// <summary>Keeps what scripts caused until the step's reply takes it.</summary>
internal sealed class ProbeEvents : IScriptEvents
{
    public List<ProbeCall> Calls { get; } = [];

    public List<string> Console { get; } = [];

    /// <summary>What console lines are answered with.</summary>
    public StopReason ConsoleAnswer { get; set; }

    public StopReason OnToolCall(uint callId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> args)
    {
        Calls.Add(new ProbeCall(callId, Encoding.UTF8.GetString(name), args.ToArray()));
        return StopReason.None;
    }

    public StopReason OnConsole(int level, ReadOnlySpan<byte> text, long wholeLength)
    {
        Console.Add($"{level} {Encoding.UTF8.GetString(text)}");
        return ConsoleAnswer;
    }
}
