using Enclave.Protocol.Values;

namespace Enclave.Testing.Scripts;

/// <summary>Takes what a played script says to the host.</summary>
internal interface IScriptOutput
{
    void SendToolCall(ulong jobId, uint callId, string name, byte[] args);

    void SendLine(ulong jobId, ConsoleLevel level, string line);
}
