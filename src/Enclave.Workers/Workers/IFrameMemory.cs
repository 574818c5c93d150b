namespace Enclave.Workers;

/// <summary>Memory of the host that is reserved for a frame until the worker has read it. Null stands for none.</summary>
internal interface IFrameMemory
{
    /// <summary>Adds a user, who will release it.</summary>
    void Retain();

    void Release();
}
