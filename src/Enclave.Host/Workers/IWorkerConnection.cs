using Enclave.Limits;
using Enclave.Protocol;
using Enclave.Protocol.Frames;

namespace Enclave.Workers;

/// <summary>Frames to one worker, and what comes from it to its sink, until <see cref="IFrameSink.OnExit"/>.</summary>
internal interface IWorkerConnection : IReaderThread
{
    void Start();

    /// <summary>Somebody has to listen: if the thread is with the application, another one does from now on.</summary>
    void TakeOver();

    /// <summary>Throws away all further messages of the worker; only its end matters now.</summary>
    void StopListening();

    /// <summary>Ends the worker.</summary>
    void Kill();

    /// <summary>Sends frames. A worker that does not read them is a fault that the sink hears of.</summary>
    void Send(Action<FrameBuffer> write);

    /// <summary>As <see cref="Send"/>, for callers that hold a lock: false when too much waits already, and then nothing is sent.</summary>
    /// <param name="write">Writes the frames.</param>
    /// <param name="memory">The host's memory that they hold: retained while they wait for the worker.</param>
    /// <param name="length">Their bytes.</param>
    bool TrySend(Action<FrameBuffer> write, HeldMemory memory, out long length);

    /// <summary>Sends frames that the host keeps for all of its workers: they are not copied, and not counted as waiting.</summary>
    void SendShared(ReadOnlyMemory<byte> frames);

    /// <summary>The frame that was held back may be handled now. From any thread.</summary>
    void Resume();

    /// <summary>The fault of a worker for which <see cref="TrySend"/> fails.</summary>
    ProtocolException NotReading();
}
