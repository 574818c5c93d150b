using System.Net;
using System.Text.RegularExpressions;
using Enclave.Limits;

namespace Enclave.Mcp.Options;

/// <summary>Ranges of a source's options. A fault names the key, the value and the range, and no value of a header.</summary>
internal static partial class McpSourceOptionsCheck
{
    private const int MaxEntries = 64;

    /// <exception cref="ArgumentException">Options are out of their ranges.</exception>
    public static void Check(McpSourceOptions options)
    {
        var wrong = new OptionFaults();
        string name = options.Name.Length > 80 ? options.Name[..80] : options.Name;
        if (!Name().IsMatch(options.Name)) wrong.Add(nameof(options.Name), $"'{name}'", "a letter, then letters, digits, - and _; at most 64 characters");
        if ((options.Command is null) == (options.Address is null))
            wrong.Add(
                $"The MCP server {name} has {(options.Command is null ? "neither" : "both")} Command and Address; it has one of them.");
        if (options.Command is { Program.Length: 0 }) wrong.Add("Command.Program", "empty", "the name or path of a program");
        if (options.Address is { } address) Check(wrong, options, address);
        wrong.Range(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        wrong.Range(nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
        wrong.Range(nameof(options.MaxMessageBytes), options.MaxMessageBytes, 64 << 10, 64 << 20);
        wrong.Range(nameof(options.MaxMessagesPerSecond), options.MaxMessagesPerSecond, 10, 100_000);
        wrong.Range(nameof(options.SignInTimeout), options.SignInTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckOAuth(wrong, options);
        wrong.Defined(nameof(options.Approval), options.Approval);
        Count(wrong, nameof(options.Headers), options.Headers.Count);
        Count(wrong, nameof(options.SecretHeaders), options.SecretHeaders.Count);
        Count(wrong, "Command.SecretEnvironment", options.Command?.SecretEnvironment.Count ?? 0);
        if (options.Tenant is { Length: 0 }) wrong.Add(nameof(options.Tenant), "empty", "a tenant's name, or null");
        bool needsSecrets = options.SecretHeaders.Count > 0 || options.Command is { SecretEnvironment.Count: > 0 };
        if (needsSecrets && options.Secrets is null) wrong.Add(nameof(options.Secrets), "null", "a source, since a header or variable needs a secret");
        wrong.Throw();
    }

    private static void CheckOAuth(OptionFaults wrong, McpSourceOptions options)
    {
        Count(wrong, nameof(options.AuthorizationHosts), options.AuthorizationHosts.Count);
        if (options.OAuth is not { } oauth) return;
        if (options.Address is null) wrong.Add(nameof(options.OAuth), "set for a Command", "null, or the sign-in to a server at an Address");
        if (oauth.RedirectUri is not { IsAbsoluteUri: true }) wrong.Add("OAuth.RedirectUri", $"{oauth.RedirectUri}", "a whole address");
#pragma warning disable MCP9007 // The obsolete member is read only to refuse it.
        if (oauth.AuthorizationRedirectDelegate is not null)
#pragma warning restore MCP9007
            wrong.Add("OAuth.AuthorizationRedirectDelegate", "set", "null: AuthorizationCallbackHandler also checks the state and the issuer");
        if (options.SecretHeaders.Keys.Concat(options.Headers.Keys).Contains("Authorization", StringComparer.OrdinalIgnoreCase))
            wrong.Add(nameof(options.OAuth), "set beside a header Authorization", "one of the two");
    }

    /// <summary>The first fault of an address. The later checks, and their messages, are for addresses without it.</summary>
    private static void Check(OptionFaults wrong, McpSourceOptions options, Uri address)
    {
        if (address is { IsAbsoluteUri: true, UserInfo.Length: > 0 })
            wrong.Add(nameof(options.Address), "one with a user's name", "an address without credentials: they belong into SecretHeaders");
        else if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            wrong.Add(nameof(options.Address), $"{address}", "a whole address of https:");
        else if (address.Scheme == Uri.UriSchemeHttp && !IsHere(address) && !options.AllowHttp)
            wrong.Add(nameof(options.Address), $"{address.GetLeftPart(UriPartial.Authority)}",
                "https: anybody on the way could read and change what http: carries; AllowHttp accepts that");
    }

    private static bool IsHere(Uri address) => address.IsLoopback || (IPAddress.TryParse(address.Host, out IPAddress? number) && IPAddress.IsLoopback(number));

    private static void Count(OptionFaults wrong, string key, int count)
    {
        if (count > MaxEntries) wrong.Add(key, $"{count} entries", $"0 to {MaxEntries} entries");
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
