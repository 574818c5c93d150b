namespace Enclave.Workers;

/// <summary>The thread that reads a worker's frames, for the application's code that they lead to.</summary>
internal interface IReaderThread
{
    /// <summary>Runs the work on this thread once the frames at hand are handled. Called while a frame is handled.</summary>
    void AfterFrames(IFrameWork work);
}
