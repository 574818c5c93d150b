using System.Globalization;
using Enclave.Cli.Options;

namespace Enclave.Cli.Run;

/// <summary>Suggests the command-line option for a failure: messages of the library name options of the library.</summary>
internal static class Hints
{
    /// <summary>
    /// The maximum of <see cref="EnclaveOptions.MaxToolCalls"/>, <see cref="EnclaveOptions.MaxIterations"/> and
    /// <see cref="EnclaveOptions.Timeout"/>: there is no suggestion beyond it.
    /// </summary>
    private const double MostToolCalls = LimitOptions.MostToolCalls, MostIterations = LimitOptions.MostIterations, MostSeconds = 86_400;

    public static string? For(ExecutionError error) => error.Code switch
    {
        ErrorCode.ValidationError when error.Data?.GetValueOrDefault("acceptedBy") is string preset => Presets.Hint(preset, "it"),
        ErrorCode.RuntimeError when error.Data?.GetValueOrDefault("hint") is string hint => $"hint: {hint}",
        ErrorCode.Timeout when Reason(error) != "cpu" => More("--timeout", Number(error, "limitMs") / 1000, 4, MostSeconds, "s", "gives it more time"),
        ErrorCode.MemoryLimitExceeded => "hint: --memory 256MB gives it more memory",
        ErrorCode.MaxToolCalls when Reason(error) != "pending" => More("--max-tool-calls", Number(error, "limit"), 10, MostToolCalls, "", "allows more calls"),
        // All loops together may have 100 times as many iterations as one.
        ErrorCode.MaxIterations =>
            More("--max-iterations", Number(error, "limit") / (Reason(error) == "total" ? 100 : 1), 10, MostIterations, "", "allows more"),
        ErrorCode.IsolationUnavailable =>
            "hint: --level standard runs without these layers; --allow-degraded-isolation all accepts their absence at this level",
        ErrorCode.LibraryFailed => "hint: omit the library, or use a bundle that needs neither a browser nor Node.js nor other modules: docs/libraries.md",
        ErrorCode.WorkerCrashed or ErrorCode.WorkerUnavailable => "hint: enclave doctor shows whether this machine can run scripts",
        _ => null,
    };

    private static string? More(string option, double limit, double factor, double most, string unit, string effect)
    {
        if (limit <= 0 || limit >= most) return null;
        double next = Math.Min(Math.Ceiling(limit * factor), most);
        return string.Create(CultureInfo.InvariantCulture, $"hint: {option} {next:0}{unit} {effect}");
    }

    private static string? Reason(ExecutionError error) => error.Data?.GetValueOrDefault("reason") as string;

    private static double Number(ExecutionError error, string key) => Convert.ToDouble(error.Data?.GetValueOrDefault(key) ?? 0, CultureInfo.InvariantCulture);
}
