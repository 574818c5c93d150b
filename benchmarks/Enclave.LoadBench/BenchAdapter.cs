namespace Enclave.LoadBench;

/// <summary>The adapter that runs the measured jobs.</summary>
internal enum BenchAdapter
{
    Pool,
    Embedded,

    /// <summary>The pool, with an outer isolate between the scripts and the tools.</summary>
    DoubleVm,
}
