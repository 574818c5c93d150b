using System.Globalization;
using System.Runtime.Versioning;
using Enclave.Engine;
using Enclave.Isolation;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks that the host finds the engine, and reports its age.</summary>
[SupportedOSPlatform("linux")]
internal sealed class EngineProbe(TimeProvider clock) : IProbe
{
    private const string Name = "engine";

    public Task<Finding> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(Probe());

    private Finding Probe()
    {
        try
        {
            EngineFiles files = EngineFiles.Find(null);
            string folder = files.EngineDirectory;
            if (WorkerFiles.Writers(files) is { } writers) return Finding.Broken(Name, writers.What, writers.Remedy);
            if (EngineNote.Read(folder) is not { } note) return new Finding { Name = Name, Value = $"of unknown version ({folder} has no engine.json)" };
            string value = $"V8 {note.V8}, Node {note.Node}{Dated(note)} ({folder})";
            return note.Age(clock.GetUtcNow()) is { } age && age > EngineNote.OldAge
                ? Finding.Missing(Name, $"{value}, older than {EngineNote.OldAge.TotalDays:0} days",
                    "use the newest release: eng/update-engine.sh VERSION in a checkout, or the newest package")
                : new Finding { Name = Name, Value = value };
        }
        catch (Exception fault) when (fault is IOException or PlatformNotSupportedException)
        {
            return Finding.Broken(Name, "missing", fault.Message);
        }
    }

    private string Dated(EngineNote note) => note.Released is { } day
        ? $" of {day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, " +
        $"{note.Age(clock.GetUtcNow())!.Value.TotalDays.ToString("0", CultureInfo.InvariantCulture)} days old"
        : "";
}
