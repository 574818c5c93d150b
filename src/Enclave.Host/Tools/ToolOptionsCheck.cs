using Enclave.Limits;
using Enclave.Secrets;

namespace Enclave.Tools;

/// <summary>Checks the ranges of one tool's options.</summary>
internal static class ToolOptionsCheck
{
    /// <summary>Secrets of one tool: each is read for each call.</summary>
    private const int MaxSecrets = 20;

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_millisecond = TimeSpan.FromMilliseconds(1);

    /// <exception cref="ArgumentException">An option is out of its range. The message names key, value and range.</exception>
    public static void Check(ToolOptions tool)
    {
        var wrong = new OptionFaults();
        wrong.Range(nameof(tool.Timeout), tool.Timeout, s_millisecond, s_day);
        wrong.Range(nameof(tool.MaxConcurrency), tool.MaxConcurrency, 1, 100_000);
        wrong.Range(nameof(tool.MaxCalls), tool.MaxCalls, 0, LimitOptions.MostToolCalls);
        wrong.Range("RateLimit.Calls", tool.RateLimit?.Calls, 1, 100_000);
        wrong.Range("RateLimit.Window", tool.RateLimit?.Window, s_millisecond, s_day);
        ArgumentNullException.ThrowIfNull(tool.Secrets);
        wrong.Range("Secrets.Count", tool.Secrets.Count, 0, MaxSecrets);
        if (tool.Secrets.FirstOrDefault((name) => !SecretName.IsName(name)) is { } odd) wrong.Add(nameof(tool.Secrets), $"'{odd}'", SecretName.Form);
        wrong.Throw();
    }
}
