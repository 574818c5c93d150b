namespace Enclave.Processes;

/// <summary>A process that was started a moment ago.</summary>
/// <param name="Pid">The host's child.</param>
/// <param name="PidFd">Its pidfd.</param>
/// <param name="Pipes">The host's ends of its pipes.</param>
/// <param name="Info">Where bubblewrap tells of the process in its jail; -1 where there is no bubblewrap.</param>
/// <param name="IdInJail">As <see cref="ProcessCommand.IdInJail"/>.</param>
internal readonly record struct StartedProcess(int Pid, int PidFd, HostPipes Pipes, int Info, int IdInJail);
