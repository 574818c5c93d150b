using Enclave.Protocol;
using Enclave.Worker;
using Enclave.Worker.Pipes;

// The native module has moved the frames to descriptors 3 and 4, pointed standard output at the log and emptied the environment (native/main.cc).
try
{
    Libc._exit((int)new WorkerLoop(new FramePipe()).Run());
}
catch (ProtocolException fault)
{
    Fatal.Leave(ExitCode.Protocol, fault.Message);
}
catch (OutOfMemoryException)
{
    // Left to itself the runtime would end in its own way, through calls that the filter does not know.
    Fatal.Leave(ExitCode.OutOfMemory, "out of memory");
}
catch (Exception fault) when (fault is InvalidOperationException or DllNotFoundException or EntryPointNotFoundException)
{
    Fatal.Leave(ExitCode.Start, fault.Message);
}
