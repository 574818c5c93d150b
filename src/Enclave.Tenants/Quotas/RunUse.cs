namespace Enclave.Tenants.Quotas;

/// <summary>The use of a run, in the units of quotas.</summary>
/// <param name="Counts">True for a run that a worker began with, and that was not counted before.</param>
/// <param name="CpuMicroseconds">CPU time of its worker.</param>
/// <param name="WorkerMicroseconds">Its time on a worker.</param>
/// <param name="ToolCalls">Its tool calls.</param>
/// <param name="Bytes">Bytes between host and worker.</param>
internal readonly record struct RunUse(bool Counts, long CpuMicroseconds, long WorkerMicroseconds, long ToolCalls, long Bytes)
{
    /// <summary>Its use of one measure.</summary>
    public long Of(QuotaMeasure measure) => measure switch
    {
        QuotaMeasure.Runs => Counts ? 1 : 0,
        QuotaMeasure.CpuSeconds => CpuMicroseconds,
        QuotaMeasure.WorkerSeconds => WorkerMicroseconds,
        QuotaMeasure.ToolCalls => ToolCalls,
        _ => Bytes,
    };
}
