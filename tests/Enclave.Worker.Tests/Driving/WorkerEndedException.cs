namespace Enclave.Worker.Tests;

/// <summary>The worker ended before it answered.</summary>
internal sealed class WorkerEndedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
