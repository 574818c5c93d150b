using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>Who hears what a connection brings. All on the connection's thread.</summary>
internal interface IFrameSink
{
    /// <exception cref="ProtocolException">The frame is not one that may come now.</exception>
    void OnFrame(in Frame frame);

    void OnProtocolFault(ProtocolException fault);

    /// <summary>The process has been reaped. The last call.</summary>
    void OnExit(ProcessExit exit, string log);
}
