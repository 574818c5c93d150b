using System.Net;
using System.Text.RegularExpressions;

namespace Enclave.Mcp.Options;

/// <summary>Ranges of a source's options. A fault names the key, the value and the range, and no value of a header.</summary>
internal static partial class McpSourceOptionsCheck
{
    private const int MaxEntries = 64;

    public static void Check(McpSourceOptions options)
    {
        if (!Name().IsMatch(options.Name))
            throw Fault(nameof(options.Name), $"'{(options.Name.Length > 80 ? options.Name[..80] : options.Name)}'",
                "a letter, then letters, digits, - and _; at most 64 characters");
        if ((options.Command is null) == (options.Address is null))
            throw new ArgumentException(
                $"The MCP server {options.Name} has {(options.Command is null ? "neither" : "both")} Command and Address; it has one of them.");
        if (options.Command is { Program.Length: 0 }) throw Fault("Command.Program", "empty", "the name or path of a program");
        if (options.Address is { } address) Check(options, address);
        Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        Range(nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        Range(nameof(options.MaxTools), options.MaxTools, 1, 10_000);
        Range(nameof(options.MaxMessageBytes), options.MaxMessageBytes, 64 << 10, 64 << 20);
        Range(nameof(options.MaxMessagesPerSecond), options.MaxMessagesPerSecond, 10, 100_000);
        Range(nameof(options.SignInTimeout), options.SignInTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckOAuth(options);
        if (!Enum.IsDefined(options.Approval)) throw Fault(nameof(options.Approval), $"{options.Approval}", string.Join(", ", Enum.GetNames<McpApproval>()));
        Count(nameof(options.Headers), options.Headers.Count);
        Count(nameof(options.SecretHeaders), options.SecretHeaders.Count);
        Count("Command.SecretEnvironment", options.Command?.SecretEnvironment.Count ?? 0);
        if (options.Tenant is { Length: 0 }) throw Fault(nameof(options.Tenant), "empty", "a tenant's name, or null");
        bool needsSecrets = options.SecretHeaders.Count > 0 || options.Command is { SecretEnvironment.Count: > 0 };
        if (needsSecrets && options.Secrets is null) throw Fault(nameof(options.Secrets), "null", "a source, since a header or variable needs a secret");
    }

    private static void CheckOAuth(McpSourceOptions options)
    {
        Count(nameof(options.AuthorizationHosts), options.AuthorizationHosts.Count);
        if (options.OAuth is not { } oauth) return;
        if (options.Address is null) throw Fault(nameof(options.OAuth), "set for a Command", "null, or the sign-in to a server at an Address");
        if (oauth.RedirectUri is not { IsAbsoluteUri: true }) throw Fault("OAuth.RedirectUri", $"{oauth.RedirectUri}", "a whole address");
#pragma warning disable MCP9007 // It is obsolete: this refuses it.
        if (oauth.AuthorizationRedirectDelegate is not null)
#pragma warning restore MCP9007
            throw Fault("OAuth.AuthorizationRedirectDelegate", "set", "null: AuthorizationCallbackHandler also checks the state and the issuer");
        if (options.SecretHeaders.Keys.Concat(options.Headers.Keys).Contains("Authorization", StringComparer.OrdinalIgnoreCase))
            throw Fault(nameof(options.OAuth), "set beside a header Authorization", "one of the two");
    }

    private static void Check(McpSourceOptions options, Uri address)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            throw Fault(nameof(options.Address), $"{address}", "a whole address of https:");
        if (address.UserInfo.Length > 0)
            throw Fault(nameof(options.Address), "one with a user's name", "an address without credentials: they belong into SecretHeaders");
        bool isHere = address.IsLoopback || (IPAddress.TryParse(address.Host, out IPAddress? number) && IPAddress.IsLoopback(number));
        if (address.Scheme == Uri.UriSchemeHttp && !isHere && !options.AllowHttp)
            throw Fault(nameof(options.Address), $"{address.GetLeftPart(UriPartial.Authority)}",
                "https: anybody on the way could read and change what http: carries; AllowHttp accepts that");
    }

    private static void Count(string key, int count)
    {
        if (count > MaxEntries) throw Fault(key, $"{count} entries", $"0 to {MaxEntries} entries");
    }

    private static void Range<T>(string key, T value, T min, T max)
        where T : IComparable<T>
    {
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0) throw Fault(key, $"{value}", $"{min} to {max}");
    }

    private static ArgumentException Fault(string key, string value, string range) => new($"{key} is {value}; its range is {range}.", key);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
