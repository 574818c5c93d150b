using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Enclave.Client.Http;

/// <summary>The addresses of a broker. Names and numbers come from outside; none of them leaves its place in the path.</summary>
internal sealed class BrokerPaths(Uri baseUrl)
{
    private readonly string _base = baseUrl.AbsoluteUri.TrimEnd('/');

    public Uri Sessions => new($"{_base}/sessions");

    public Uri Session(string id) => new($"{_base}/sessions/{Uri.EscapeDataString(id)}");

    public Uri Cancel(string id) => new($"{_base}/sessions/{Uri.EscapeDataString(id)}/cancel");

    public Uri ToolResult(string id) => new($"{_base}/sessions/{Uri.EscapeDataString(id)}/tool-result");

    /// <summary>The stream from a number on. Our broker reads both names of it, upstream's the one, upstream's tests the other.</summary>
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

    /// <summary>Whether an address is at the broker's scheme, host and port.</summary>
    public bool IsHome(Uri? address) => address is not null && Uri.Compare(address, baseUrl, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
