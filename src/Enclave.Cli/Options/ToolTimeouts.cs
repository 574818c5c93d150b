using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>Checks the time of one tool call against the time of its run.</summary>
internal static class ToolTimeouts
{
    /// <param name="call">The time of a call; null for the default.</param>
    /// <param name="level">The level, which has a time of its own for runs.</param>
    /// <param name="run">The time of a run; null for the level's.</param>
    /// <exception cref="UsageException">A call may take longer than the run that waits for it.</exception>
    public static void Check(TimeSpan? call, SecurityLevel level, TimeSpan? run)
    {
        TimeSpan limit = run ?? Defaults(level);
        if (call is not { } time || time <= limit) return;
        string source = run is null ? $"the default of {level.ToString().ToUpperInvariant()}" : "--timeout";
        throw new UsageException(
            $"--tool-timeout is {Seconds(time)}, and a run ends after {Seconds(limit)} ({source}): set --timeout to {Seconds(time)} or more, "
            + "or lower --tool-timeout.");
    }

    private static TimeSpan Defaults(SecurityLevel level) => TimeSpan.FromSeconds(level switch
    {
        SecurityLevel.Strict => 5,
        SecurityLevel.Secure => 15,
        SecurityLevel.Standard => 30,
        _ => 60,
    });

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)}s";
}
