namespace Enclave.Worker;

/// <summary>How the process ends. The numbers are those of <c>ee_exit</c> in native/engine.h; the host reads them.</summary>
internal enum ExitCode
{
    Shutdown = 0,
    OutOfMemory = 73,
    Start = 74,
    Protocol = 75,
    Orphan = 76,
    Lock = 77,
}
