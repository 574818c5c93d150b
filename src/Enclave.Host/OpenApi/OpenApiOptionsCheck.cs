using System.Text.RegularExpressions;
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
        if (options.Name is null || !Name().IsMatch(options.Name) || options.Name == NoService)
            throw Fault(nameof(options.Name), $"'{options.Name}'", $"a letter, then letters, digits, _ and -, at most 64 characters; not {NoService}");
        foreach ((string scheme, string secret) in options.Secrets)
        {
            if (!SecretName.IsName(secret)) throw Fault($"{nameof(options.Secrets)}[\"{scheme}\"]", $"'{secret}'", SecretName.Form);
        }

        Range(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        Range(nameof(options.MaxOperations), options.MaxOperations, 1, 2_000);
        Range(nameof(options.MaxDocumentBytes), options.MaxDocumentBytes, 1 << 10, 64 << 20);
        Range(nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1, 64 << 20);
        if (options.RefreshInterval is { } interval) Range(nameof(options.RefreshInterval), interval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30));
        if (options.SpecUrl is { IsAbsoluteUri: false } relative) throw Fault(nameof(options.SpecUrl), $"'{relative}'", "an absolute address");
        if (options.BaseAddress is { } address) _ = ServiceAddress.Of(address, options.AllowHttp);
    }

    private static void Range<T>(string key, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) throw Fault(key, $"{value}", $"{least} to {most}");
    }

    private static ArgumentException Fault(string key, string value, string range) => new($"OpenApiOptions.{key} is {value}; its range is {range}.", key);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
