using Microsoft.Extensions.Options;

namespace Enclave.Broker;

/// <summary>Every option within its range, or the application does not start.</summary>
internal sealed class BrokerOptionsCheck : IValidateOptions<BrokerOptions>
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var wrong = new List<string>();
        Number(nameof(options.MaxSessions), options.MaxSessions, 1, 100_000);
        Number(nameof(options.MaxSessionsPerOwner), options.MaxSessionsPerOwner, 1, 100_000);
        Number(nameof(options.RetainedBytes), options.RetainedBytes, 0, long.MaxValue);
        Number(nameof(options.MaxLogBytes), options.MaxLogBytes, 64 << 10, 1 << 30);
        Number(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1 << 10, 256 << 20);
        Number(nameof(options.MaxToolCalls), options.MaxToolCalls, 0, 1_000_000);
        Number(nameof(options.MaxStdoutBytes), options.MaxStdoutBytes, 0, 1 << 30);
        Number(nameof(options.MaxToolResultBytes), options.MaxToolResultBytes, 1, 1 << 30);
        Number(nameof(options.RequestsPerMinute), options.RequestsPerMinute, 1, int.MaxValue);
        Time(nameof(options.Retention), options.Retention, TimeSpan.Zero, s_day);
        Time(nameof(options.ReaderGrace), options.ReaderGrace, TimeSpan.Zero, s_day);
        Time(nameof(options.ReaderTimeout), options.ReaderTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Time(nameof(options.SessionTtl), options.SessionTtl, TimeSpan.FromMilliseconds(1), s_day);
        Time(nameof(options.ToolTimeout), options.ToolTimeout, TimeSpan.FromMilliseconds(1), s_day);
        Time(nameof(options.HeartbeatInterval), options.HeartbeatInterval, TimeSpan.FromMilliseconds(100), s_day);
        foreach (string origin in options.AllowedOrigins.Where((origin) => origin != "*" && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.PathAndQuery == "/" && uri.Scheme is "http" or "https"))) wrong.Add($"AllowedOrigins has '{origin}', which is no origin such as https://app.example");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Number(string option, long value, long least, long most)
        {
            if (value < least || value > most) wrong.Add($"BrokerOptions.{option} is {value}; its range is {least} to {most}.");
        }

        void Time(string option, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most) wrong.Add($"BrokerOptions.{option} is {value}; its range is {least} to {most}.");
        }
    }
}
