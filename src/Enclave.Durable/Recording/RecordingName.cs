using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Enclave.Journals;

namespace Enclave.Recording;

/// <summary>
/// The name of a recording's file: <c>TIME.ID</c>, of a saved script <c>TIME.ID.RUN.SCRIPT</c>. It tells which recordings are of one script, without opening
/// them.
/// </summary>
/// <param name="Time">The time in 16 hexadecimal digits: names sort by it.</param>
/// <param name="Id">The hash of the run's tenant and id, which begins with that of the tenant.</param>
/// <param name="Run">The id of the run; null if it is not by a saved script.</param>
/// <param name="Script">The hash of the script's name; null for none.</param>
internal sealed record RecordingName(string Time, string Id, string? Run, string? Script)
{
    private const int TimeCharacters = 16, TenantCharacters = 16, IdCharacters = 48, ScriptCharacters = 16;

    /// <summary>The part of the id that all recordings of a tenant have.</summary>
    public string Tenant => Id[..TenantCharacters];

    public static RecordingName Of(RunKey run, string? script, DateTimeOffset time) => new(
        time.UtcTicks.ToString("x16", CultureInfo.InvariantCulture), RunFolder.IdOf(run),
        script is null ? null : run.Name, script is null ? null : HashOf(script));

    /// <summary>The hash of a script's name.</summary>
    public static string HashOf(string script) => RunFolder.IdOf(new RunKey(null, script))[^ScriptCharacters..];

    public static bool TryRead(string name, [NotNullWhen(true)] out RecordingName? read)
    {
        read = name.Split('.') switch
        {
            [{ Length: TimeCharacters } time, { Length: IdCharacters } id] => new RecordingName(time, id, null, null),
            [{ Length: TimeCharacters } time, { Length: IdCharacters } id, var run, { Length: ScriptCharacters } script] =>
                new RecordingName(time, id, run.Replace('+', '.').Replace('=', ':'), script),
            _ => null,
        };
        return read is not null;
    }

    // Ids of runs have dots and colons, and neither of these two characters.
    public override string ToString() => Script is null ? $"{Time}.{Id}" : $"{Time}.{Id}.{Run!.Replace('.', '+').Replace(':', '=')}.{Script}";
}
