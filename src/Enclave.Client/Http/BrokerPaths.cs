using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Enclave.Client.Http;

/// <summary>The addresses of a broker. Session names and numbers are untrusted: they are escaped, so that none leaves its path segment.</summary>
internal sealed class BrokerPaths(Uri baseUrl)
{
    private readonly string _base = baseUrl.AbsoluteUri.TrimEnd('/');

    public Uri Sessions => new($"{_base}/sessions");

    public Uri Session(string id) => new($"{_base}/sessions/{Uri.EscapeDataString(id)}");

    public Uri Cancel(string id) => new($"{_base}/sessions/{Uri.EscapeDataString(id)}/cancel");

    public Uri ToolResult(string id) => new($"{_base}/sessions/{Uri.EscapeDataString(id)}/tool-result");

    /// <summary>
    /// The stream from a number on. The number is sent under two names: upstream's broker reads one, its tests read the other, and our broker reads both.
    /// </summary>
    public Uri Stream(string id, long? from, JsonElement? filter)
    {
        var address = new StringBuilder($"{_base}/sessions/{Uri.EscapeDataString(id)}/stream");
        char sign = '?';
        if (from is { } seq)
        {
            address.Append(CultureInfo.InvariantCulture, $"?from={seq}&fromSeq={seq}");
            sign = '&';
        }

        if (filter is { } json) address.Append(sign).Append("filter=").Append(Uri.EscapeDataString(json.GetRawText()));
        return new Uri(address.ToString());
    }

    /// <summary>True if an address has the broker's scheme, host and port.</summary>
    public bool IsHome(Uri? address) =>
        address is not null && Uri.Compare(address, baseUrl, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
