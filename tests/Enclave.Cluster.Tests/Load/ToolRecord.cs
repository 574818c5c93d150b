namespace Enclave.Cluster.Tests.Load;

/// <summary>One line of the tools' log: a call that ran.</summary>
/// <param name="At">The time in microseconds since 1970.</param>
/// <param name="Session">The session of the call.</param>
/// <param name="Call">Its id.</param>
/// <param name="Nonce">The nonce of the script that made it.</param>
/// <param name="Step">The step of the script.</param>
/// <param name="Token">The answer, different for each call.</param>
internal sealed record ToolRecord(long At, string Session, string Call, string Nonce, int Step, string Token);
