using Enclave.Audit;
using Enclave.Runs;
using Enclave.Telemetry;

namespace Enclave;

/// <summary>The ids, the measurement and the audit of a host's runs.</summary>
/// <param name="Ids">Names the runs.</param>
/// <param name="Telemetry">Measures them.</param>
/// <param name="Audit">Records them for the operator; null without an audit.</param>
internal sealed record RunRecords(RunIds Ids, HostTelemetry Telemetry, AuditLog? Audit)
{
    /// <summary>Gives a run its id, and begins its audit.</summary>
    public RequestedRun Begin(
        string code, RunOptions? options, byte[] globals, IReadOnlyCollection<string> globalNames, RunHooks hooks, AuditedRunKind kind)
    {
        ulong job = Ids.NextJob();
        string id = options?.RunId ?? Ids.NameOf(job);
        return new RequestedRun(job, id, code, options, globals, globalNames, hooks) { Trail = Audit?.Begin((long)job, id, code, options, kind) };
    }
}
