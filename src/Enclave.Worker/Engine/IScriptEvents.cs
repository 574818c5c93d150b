using Enclave.Protocol.Messages;

namespace Enclave.Worker.Engine;

/// <summary>What a running script causes. Called on the thread that runs it; any answer but <see cref="StopReason.None"/> ends the run.</summary>
internal interface IScriptEvents
{
    StopReason OnToolCall(uint callId, ReadOnlySpan<byte> name, ReadOnlySpan<byte> args);

    /// <param name="wholeLength">Characters of the line before it was cut to the budget.</param>
    StopReason OnConsole(int level, ReadOnlySpan<byte> text, long wholeLength);
}
