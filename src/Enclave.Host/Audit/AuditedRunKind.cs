namespace Enclave.Audit;

/// <summary>The kind of run that a trail records.</summary>
internal enum AuditedRunKind
{
    Run,
    Replay,
}
