using Enclave.Protocol.Values;

namespace Enclave.Testing.Scripts;

/// <summary>Receives the output of a simulated script for the host.</summary>
internal interface IScriptOutput
{
    void SendToolCall(ulong jobId, uint callId, string name, byte[] args);

    void SendLine(ulong jobId, ConsoleLevel level, string line);
}
