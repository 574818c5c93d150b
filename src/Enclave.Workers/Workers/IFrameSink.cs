using Enclave.Processes;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>Receives the frames of a connection, all on the connection's thread.</summary>
internal interface IFrameSink
{
    /// <summary>
    /// Handles a frame. True if the next frame may come. Otherwise this frame's bytes stay in place, and the connection reads nothing until it is resumed.
    /// </summary>
    /// <exception cref="ProtocolException">The frame is not allowed now.</exception>
    bool OnFrame(in Frame frame);

    /// <summary>The connection was resumed. As <see cref="OnFrame"/>, for the frame that was held back.</summary>
    bool OnResumed();

    void OnProtocolFault(ProtocolException fault);

    /// <summary>This process has no memory for a message of the worker. Its further messages are dropped.</summary>
    void OnOutOfMemory();

    /// <summary>The process has been reaped. The last call.</summary>
    void OnExit(ProcessExit exit, string log);
}
