namespace Enclave.Cluster.Tests.Load;

/// <summary>One line of the tools' log: a call that was carried out.</summary>
/// <param name="At">When, in microseconds since 1970.</param>
/// <param name="Session">Whose call.</param>
/// <param name="Call">Its id.</param>
/// <param name="Nonce">Of the script that made it.</param>
/// <param name="Step">Which one of the script.</param>
/// <param name="Token">What was answered; no two are the same.</param>
internal sealed record ToolRecord(long At, string Session, string Call, string Nonce, int Step, string Token);
