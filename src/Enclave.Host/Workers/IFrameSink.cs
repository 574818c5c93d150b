using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>Who hears what a connection brings. All on the connection's thread.</summary>
internal interface IFrameSink
{
    /// <summary>
    /// True if the next frame may come. If not, this frame's bytes stay where they are, and the connection reads nothing until it is resumed.
    /// </summary>
    /// <exception cref="ProtocolException">The frame is not one that may come now.</exception>
    bool OnFrame(in Frame frame);

    /// <summary>The connection was resumed. As <see cref="OnFrame"/>, for the frame that was in the way.</summary>
    bool OnResumed();

    void OnProtocolFault(ProtocolException fault);

    /// <summary>The process has been reaped. The last call.</summary>
    void OnExit(ProcessExit exit, string log);
}
