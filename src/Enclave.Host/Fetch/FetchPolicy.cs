using Enclave.Networks;
using Enclave.Outcomes;
using Enclave.Tools;

namespace Enclave.Fetch;

/// <summary>Judges each address that a request would go to: the script's, and each that a redirect names.</summary>
internal sealed class FetchPolicy
{
    /// <summary>The longest address, and the most origins that a message lists.</summary>
    public const int MaxAddress = 8192, MaxShown = 10;

    private readonly (FetchPattern Pattern, FetchOrigin Origin)[] _origins;

    public FetchPolicy(FetchOptions options)
    {
        _origins = [.. options.Origins.Select((origin) => (FetchPattern.Read(origin.Origin)!, origin))];
        Reach = new NetworkReach(_origins.Where((one) => !one.Pattern.IsWild).Select((one) => one.Pattern.Host));
    }

    /// <summary>The networks that names may lead to.</summary>
    public NetworkReach Reach { get; }

    /// <summary>The origins of a tenant, for messages and models: <c>https://api.example.com (GET, HEAD)</c>.</summary>
    public string Describe(string? tenant)
    {
        string[] open = [.. Open(tenant).Select((one) => $"{one.Pattern} ({string.Join(", ", one.Origin.Methods)})").Distinct(StringComparer.Ordinal)];
        if (open.Length == 0) return "none";
        return string.Join(", ", open.Take(MaxShown)) + (open.Length > MaxShown ? $" and {open.Length - MaxShown} more" : "");
    }

    /// <summary>Reads the text of an address.</summary>
    /// <exception cref="ToolException">The text is not an address that fetch may use.</exception>
    public static Uri Read(string text, Uri? relativeTo = null)
    {
        if (text.Length > MaxAddress) throw Refused($"an address has at most {MaxAddress} characters; this one has {text.Length}");
        // A server and the host must read one address: no characters that one of them strips.
        if (text.AsSpan().ContainsAnyInRange('\0', ' ') || text.Contains('\\', StringComparison.Ordinal) || text.Contains('\x7f', StringComparison.Ordinal))
            throw Refused("the address has blanks, backslashes or control characters: encode them (encodeURIComponent)");
        bool isRead = relativeTo is null ? Uri.TryCreate(text, UriKind.Absolute, out Uri? address) : Uri.TryCreate(relativeTo, text, out address);
        if (!isRead || address is null) throw Refused("the address is no URL: write https://host/path");
        if (address.Scheme is not ("https" or "http")) throw Refused($"the scheme {address.Scheme}: is not http or https");
        if (address.UserInfo.Length > 0) throw Refused("the address has a user name or password: leave it out; the host adds the credentials of an origin");
        return address.Fragment.Length == 0 ? address : new Uri(address.GetLeftPart(UriPartial.Query));
    }

    /// <summary>The origin that allows this request.</summary>
    /// <exception cref="ToolException">No origin allows the request.</exception>
    public FetchOrigin Judge(Uri address, string method, string? tenant)
    {
        FetchOrigin[] known = [.. Open(tenant).Where((one) => one.Pattern.Fits(address, Reach)).Select((one) => one.Origin)];
        if (known.FirstOrDefault((origin) => origin.Methods.Contains(method, StringComparer.Ordinal)) is { } allowed) return allowed;
        string origin = address.GetLeftPart(UriPartial.Authority);
        throw Refused(known.Length == 0
            ? $"{origin} is not an origin that scripts may ask. Allowed here: {Describe(tenant)}. The operator may add it (EnclaveOptions.Fetch)"
            : $"the method {Shown(method)} is not allowed for {origin}. Allowed here: {Describe(tenant)}. The operator may add it (FetchOrigin.Methods)");
    }

    public static ToolException Refused(string why) => ToolFault.Of(ToolCode.FetchRefused, $"fetch refused: {why}");

    private IEnumerable<(FetchPattern Pattern, FetchOrigin Origin)> Open(string? tenant) => _origins.Where((one) =>
        one.Origin.AllowedTenants is not { } tenants || (tenant is not null && tenants.Contains(tenant, StringComparer.Ordinal)));

    private static string Shown(string method) => method.Length <= 30 ? method : method[..30] + "…";
}
