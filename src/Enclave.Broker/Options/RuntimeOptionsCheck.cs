using Enclave.Limits;
using Microsoft.Extensions.Options;

namespace Enclave.Broker.Options;

/// <summary>
/// Checks that at least one runtime is named, that all addresses differ, and that times are in their ranges. Otherwise the application does not start.
/// </summary>
internal sealed class RuntimeOptionsCheck : IValidateOptions<RuntimeOptions>
{
    /// <summary>The variable of the JavaScript product's Compose file.</summary>
    public const string Variable = "RUNTIME_URL";

    /// <summary>Runs before the application's own settings, which may replace the value.</summary>
    public static void ReadEnvironment(RuntimeOptions options)
    {
        foreach (string address in (Environment.GetEnvironmentVariable(Variable) ?? "").Split(',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) options.Runtimes.Add(new Uri(address, UriKind.RelativeOrAbsolute));
    }

    public ValidateOptionsResult Validate(string? name, RuntimeOptions options)
    {
        var wrong = new OptionFaults(nameof(RuntimeOptions));
        if (options.Runtimes.Count == 0) wrong.Add($"RuntimeOptions.Runtimes is empty: name a runtime, as ws://127.0.0.1:3001, or set {Variable}.");
        foreach (Uri address in options.Runtimes.Where((address) => !address.IsAbsoluteUri || address.Scheme is not ("ws" or "wss")))
            wrong.Add($"RuntimeOptions.Runtimes has '{address}', which is not an address such as ws://127.0.0.1:3001.");
        wrong.Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
        wrong.Range(nameof(options.KeepAlive), options.KeepAlive, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        wrong.Range(nameof(options.QueueTimeout), options.QueueTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(24));
        wrong.Range(nameof(options.MaxWaiting), options.MaxWaiting, 0, 100_000);
        wrong.Range(nameof(options.MaxWaitingPerTenant), options.MaxWaitingPerTenant, 0, options.MaxWaiting);
        wrong.Range(nameof(options.MaxMessageBytes), options.MaxMessageBytes, 64 << 10, 1 << 30);
        return wrong.Result;
    }
}
