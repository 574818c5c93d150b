using Enclave.Limits;
using Microsoft.Extensions.Options;

namespace Enclave.Mcp.AspNetCore.Options;

/// <summary>Ranges of the endpoint's options. A fault names the key, the value and the range.</summary>
internal sealed class McpEndpointOptionsCheck : IValidateOptions<McpEndpointOptions>
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, McpEndpointOptions options)
    {
        var wrong = new OptionFaults();
        wrong.Range(nameof(options.MaxSessions), options.MaxSessions, 1, 100_000);
        wrong.Range(nameof(options.MaxSessionsPerOwner), options.MaxSessionsPerOwner, 1, 100_000);
        wrong.Range(nameof(options.MaxCallsPerSession), options.MaxCallsPerSession, 1, 1_000);
        wrong.Range(nameof(options.MaxRequestsPerSession), options.MaxRequestsPerSession, 1, 1_000);
        wrong.Range(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), s_day);
        wrong.Range(nameof(options.Retention), options.Retention, TimeSpan.Zero, s_day);
        wrong.Range(nameof(options.MaxKeptBytes), options.MaxKeptBytes, 0, long.MaxValue);
        wrong.Range(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1 << 10, 64 << 20);
        wrong.Range(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 1, int.MaxValue);
        foreach (string origin in options.AllowedOrigins)
        {
            if (origin != "*" && !IsOrigin(origin)) wrong.Add($"AllowedOrigins: '{origin}' is not an origin, as https://app.example, and not *.");
        }

        return wrong.Result;
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? origin) && origin.Scheme is "http" or "https" && origin.PathAndQuery == "/";
}
