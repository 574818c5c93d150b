using System.Diagnostics;
using System.Globalization;

namespace Enclave.Cli.Doctor.Probes;

/// <summary>Checks that a worker starts and runs a script, which all jobs need.</summary>
internal sealed class WorkerProbe(ScriptEngine engine) : IProbe
{
    private const string Name = "worker";

    public async Task<Finding> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var host = new EnclaveHost(new EnclaveOptions { Engine = engine });
            await using (host.ConfigureAwait(false))
            {
                long start = Stopwatch.GetTimestamp();
                ExecutionResult first = await host.RunAsync("return 1 + 1", null, cancellationToken).ConfigureAwait(false);
                TimeSpan cold = Stopwatch.GetElapsedTime(start);
                if (!first.Success) return Finding.Broken(Name, first.Error!.Code.ToCode(), first.Error.Message);
                start = Stopwatch.GetTimestamp();
                await host.RunAsync("return 1 + 1", null, cancellationToken).ConfigureAwait(false);
                TimeSpan warm = Stopwatch.GetElapsedTime(start);
                return new Finding { Name = Name, Value = $"starts; first result after {Milliseconds(cold)}, second {Milliseconds(warm)}" };
            }
        }
        catch (Exception fault) when (fault is IOException or PlatformNotSupportedException)
        {
            return Finding.Broken(Name, "cannot start", "see above");
        }
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms";
}
