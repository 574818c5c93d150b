using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>Sends frames to one worker, and passes its frames to the sink until <see cref="IFrameSink.OnExit"/>.</summary>
internal interface IWorkerConnection : IReaderThread
{
    void Start();

    /// <summary>Drops all further messages of the worker. Only its end matters now.</summary>
    void StopListening();

    /// <summary>Ends the worker.</summary>
    void Kill();

    /// <summary>Sends frames. If the worker does not read them, the sink gets a fault.</summary>
    void Send(Action<FrameBuffer> write);

    /// <summary>As <see cref="Send"/>, for callers with a lock. False if too much is waiting; then nothing is sent.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for the frames. None of them is sent, or the worker is killed.</exception>
    /// <param name="write">Writes the frames.</param>
    /// <param name="memory">The host's memory of the frames, retained while they wait for the worker.</param>
    /// <param name="length">Their length in bytes.</param>
    bool TrySend(Action<FrameBuffer> write, IFrameMemory? memory, out long length);

    /// <summary>Sends frames that are counted elsewhere, such as those that all workers share: they are not copied, and do not count as waiting.</summary>
    /// <param name="frames">The frames.</param>
    /// <param name="memory">The host's memory of the frames, retained while they wait for the worker.</param>
    void SendShared(ReadOnlyMemory<byte> frames, IFrameMemory? memory);

    /// <summary>Resumes the frame that was held back. From any thread.</summary>
    void Resume();

    /// <summary>The fault of a worker for which <see cref="TrySend"/> failed.</summary>
    ProtocolException NotReading();
}
