namespace Enclave.Worker.Portable;

/// <summary>The exit codes of docs/protocol.md that this worker uses.</summary>
internal enum WorkerExit
{
    Shutdown = 0,
    Usage = 64,
    Fatal = 72,
    OutOfMemory = 73,
    Start = 74,
    Protocol = 75,
    Orphan = 76,
    Library = 78,
}
