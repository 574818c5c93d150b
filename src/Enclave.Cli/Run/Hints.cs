namespace Enclave.Cli.Run;

/// <summary>Which option of the command line belongs to a failure: messages of the library name those of the library.</summary>
internal static class Hints
{
    public static string? For(ErrorCode code) => code switch
    {
        ErrorCode.Timeout => "hint: --timeout 2m gives it more time",
        ErrorCode.MemoryLimitExceeded => "hint: --memory 256MB gives it more memory",
        ErrorCode.MaxToolCalls => "hint: --max-tool-calls 1000 allows more calls",
        ErrorCode.MaxIterations => "hint: --max-iterations 1000000 allows more",
        ErrorCode.IsolationUnavailable => "hint: --level standard runs without these layers; --allow-degraded-isolation all accepts their loss at this level",
        ErrorCode.WorkerCrashed => "hint: enclave doctor says whether this machine can run scripts",
        _ => null,
    };
}
