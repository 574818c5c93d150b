namespace Enclave.Processes;

/// <summary>A process that has just been started.</summary>
/// <param name="Pid">The host's child.</param>
/// <param name="PidFd">Its pidfd.</param>
/// <param name="Pipes">The host's ends of its pipes.</param>
/// <param name="Info">The pipe on which bubblewrap reports the process in its jail; -1 without bubblewrap.</param>
/// <param name="IdInJail">As <see cref="ProcessCommand.IdInJail"/>.</param>
internal readonly record struct StartedProcess(int Pid, int PidFd, HostPipes Pipes, int Info, int IdInJail);
