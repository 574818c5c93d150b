namespace Enclave.Worker.Tests;

/// <summary>The worker has gone where an answer was due.</summary>
internal sealed class WorkerEndedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
