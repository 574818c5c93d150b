namespace Enclave.Workers;

/// <summary>Code of the application that a frame leads to.</summary>
internal interface IFrameWork
{
    /// <summary>Runs it on the calling thread, which serves no connection meanwhile.</summary>
    void Run();

    /// <summary>Has another thread run it.</summary>
    void RunElsewhere();
}
