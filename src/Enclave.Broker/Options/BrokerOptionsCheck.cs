using Enclave.Limits;
using Microsoft.Extensions.Options;

namespace Enclave.Broker.Options;

/// <summary>Checks that every option is in its range. Otherwise the application does not start.</summary>
internal sealed class BrokerOptionsCheck : IValidateOptions<BrokerOptions>
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var wrong = new OptionFaults(nameof(BrokerOptions));
        wrong.Range(nameof(options.MaxSessions), options.MaxSessions, 1, 100_000);
        wrong.Range(nameof(options.MaxSessionsPerOwner), options.MaxSessionsPerOwner, 1, 100_000);
        wrong.Range(nameof(options.MaxLogBytes), options.MaxLogBytes, 64 << 10, 1 << 30);
        wrong.Range(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1 << 10, 256 << 20);
        wrong.Range(nameof(options.MaxToolCalls), options.MaxToolCalls, 0, LimitOptions.MostToolCalls);
        wrong.Range(nameof(options.MaxStdoutBytes), options.MaxStdoutBytes, 0, LimitOptions.MostSessionBytes);
        wrong.Range(nameof(options.MaxToolResultBytes), options.MaxToolResultBytes, 1, LimitOptions.MostSessionBytes);
        wrong.Range(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 1, int.MaxValue);
        wrong.Range(nameof(options.MaxFilteredReadersPerOwner), options.MaxFilteredReadersPerOwner, 1, 100_000);
        wrong.Range(nameof(options.Retention), options.Retention, TimeSpan.Zero, s_day);
        wrong.Range(nameof(options.ReaderGrace), options.ReaderGrace, TimeSpan.Zero, s_day);
        wrong.Range(nameof(options.ReaderTimeout), options.ReaderTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        wrong.Range(nameof(options.SessionTtl), options.SessionTtl, TimeSpan.FromMilliseconds(1), s_day);
        wrong.Range(nameof(options.ToolTimeout), options.ToolTimeout, TimeSpan.FromMilliseconds(1), s_day);
        wrong.Range(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), s_day);
        foreach (string origin in options.AllowedOrigins.Where((origin) => origin != "*"
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.PathAndQuery == "/" && uri.Scheme is "http" or "https")))
            wrong.Add($"AllowedOrigins has '{origin}', which is not an origin such as https://app.example");
        return wrong.Result;
    }
}
