namespace Enclave.Processes;

/// <summary>How a process ended: its exit code, or 128 plus the signal; and the peak of its memory, 0 if that is not known.</summary>
internal readonly record struct ProcessExit(int Code, long PeakResidentBytes);
