namespace Enclave.LoadBench;

/// <summary>Where the measured jobs run.</summary>
internal enum BenchAdapter
{
    Pool,
    Embedded,

    /// <summary>The pool, with an outer isolate between the scripts and the tools.</summary>
    DoubleVm,
}
