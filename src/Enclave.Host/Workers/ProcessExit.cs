namespace Enclave.Workers;

/// <summary>How a process ended: its exit code, or 128 plus the signal; and the most memory it ever held.</summary>
internal readonly record struct ProcessExit(int Code, long PeakResidentBytes);
