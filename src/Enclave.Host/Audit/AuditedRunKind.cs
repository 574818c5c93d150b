namespace Enclave.Audit;

/// <summary>What kind of run a trail tells of.</summary>
internal enum AuditedRunKind
{
    Run,
    Replay,
}
