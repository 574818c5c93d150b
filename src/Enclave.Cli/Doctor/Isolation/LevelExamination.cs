namespace Enclave.Cli.Doctor.Isolation;

/// <summary>Starts a worker at each level, runs a script in it, and reads its isolation report.</summary>
internal static class LevelExamination
{
    public static async Task<IReadOnlyList<LevelFinding>> RunAsync(ScriptEngine engine, CancellationToken cancellationToken)
    {
        var findings = new List<LevelFinding>();
        foreach (SecurityLevel level in Enum.GetValues<SecurityLevel>())
            findings.Add(await ExamineAsync(engine, level, cancellationToken).ConfigureAwait(false));
        return findings;
    }

    private static async Task<LevelFinding> ExamineAsync(ScriptEngine engine, SecurityLevel level, CancellationToken cancellationToken)
    {
        var host = new EnclaveHost(new EnclaveOptions { SecurityLevel = level, Engine = engine });
        await using (host.ConfigureAwait(false))
        {
            ExecutionResult result = await host.RunAsync("return 1 + 1", null, cancellationToken).ConfigureAwait(false);
            return new LevelFinding(host.GetIsolationReport(), result.Error?.Message);
        }
    }
}
