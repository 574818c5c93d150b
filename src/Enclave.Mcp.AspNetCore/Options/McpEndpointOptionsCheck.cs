using Microsoft.Extensions.Options;

namespace Enclave.Mcp.AspNetCore.Options;

/// <summary>Ranges of the endpoint's options. A fault names the key, the value and the range.</summary>
internal sealed class McpEndpointOptionsCheck : IValidateOptions<McpEndpointOptions>
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, McpEndpointOptions options)
    {
        var faults = new List<string>();
        Range(nameof(options.MaxSessions), options.MaxSessions, 1, 100_000);
        Range(nameof(options.MaxSessionsPerOwner), options.MaxSessionsPerOwner, 1, 100_000);
        Range(nameof(options.MaxCallsPerSession), options.MaxCallsPerSession, 1, 1_000);
        Range(nameof(options.MaxRequestsPerSession), options.MaxRequestsPerSession, 1, 1_000);
        Range(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), s_day);
        Range(nameof(options.Retention), options.Retention, TimeSpan.Zero, s_day);
        Range(nameof(options.MaxKeptBytesPerSession), options.MaxKeptBytesPerSession, 0, 1 << 30);
        Range(nameof(options.MaxKeptBytes), options.MaxKeptBytes, 0, long.MaxValue);
        Range(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1 << 10, 64 << 20);
        Range(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 1, int.MaxValue);
        foreach (string origin in options.AllowedOrigins)
        {
            if (origin != "*" && !IsOrigin(origin)) faults.Add($"AllowedOrigins: '{origin}' is not an origin, as https://app.example, and not *.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Range<T>(string key, T value, T min, T max)
            where T : IComparable<T>
        {
            if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0) faults.Add($"{key} is {value}; its range is {min} to {max}.");
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? origin) && origin.Scheme is "http" or "https" && origin.PathAndQuery == "/";
}
