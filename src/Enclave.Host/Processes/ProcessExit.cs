namespace Enclave.Processes;

/// <summary>How a process ended: its exit code, or 128 plus the signal; and the most memory it ever held, 0 when that is not known.</summary>
internal readonly record struct ProcessExit(int Code, long PeakResidentBytes);
