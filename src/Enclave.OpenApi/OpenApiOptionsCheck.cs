using System.Text.RegularExpressions;
using Enclave.Limits;
using Enclave.Schemas;
using Enclave.Secrets;

namespace Enclave.OpenApi;

/// <summary>Checks the ranges of a service's options. Messages name the key, the value and the range.</summary>
internal static partial class OpenApiOptionsCheck
{
    /// <summary>The catalogue's name for tools without a service.</summary>
    private const string NoService = "default";

    public static void Check(OpenApiOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Document);
        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        ArgumentNullException.ThrowIfNull(options.Secrets);
        var wrong = new OptionFaults(nameof(OpenApiOptions));
        if (options.Name is null || !Name().IsMatch(options.Name) || options.Name == NoService)
            wrong.Add(nameof(options.Name), $"'{options.Name}'", $"a letter, then letters, digits, _ and -, at most 64 characters; not {NoService}");
        foreach ((string scheme, string secret) in options.Secrets)
        {
            if (!SecretName.IsName(secret)) wrong.Add($"{nameof(options.Secrets)}[\"{scheme}\"]", $"'{secret}'", SecretName.Form);
        }

        wrong.Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        wrong.Range(nameof(options.MaxOperations), options.MaxOperations, 1, 2_000);
        wrong.Range(nameof(options.MaxDocumentBytes), options.MaxDocumentBytes, 1 << 10, 64 << 20);
        wrong.Range(nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1, 64 << 20);
        wrong.Range(nameof(options.RefreshInterval), options.RefreshInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        if (options.SpecUrl is { IsAbsoluteUri: false } relative) wrong.Add(nameof(options.SpecUrl), $"'{relative}'", "an absolute address");
        wrong.Throw();
        if (options.BaseAddress is { } address) _ = ServiceAddress.Of(address, options.AllowHttp);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
