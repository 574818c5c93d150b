using System.Text.Json;

namespace Enclave.Mcp.Tests.Http;

/// <summary>Reads answers of an MCP server over HTTP.</summary>
internal static class Answers
{
    /// <summary>The events of a stream, to its end.</summary>
    public static async Task<List<(string? Id, string Data)>> EventsAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var events = new List<(string? Id, string Data)>();
        while (await NextAsync(reader) is { } happened) events.Add(happened);
        return events;
    }

    /// <summary>The next event; null at the end.</summary>
    public static async Task<(string? Id, string Data)?> NextAsync(StreamReader reader)
    {
        string? id = null, data = null;
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length == 0 && (id ?? data) is not null) return (id, data ?? "");
            if (line.StartsWith("id:", StringComparison.Ordinal)) id = line[3..].Trim();
            if (line.StartsWith("data:", StringComparison.Ordinal)) data += line[5..].TrimStart();
        }

        return null;
    }

    /// <summary>The value of a script, from the stream of its call.</summary>
    public static async Task<string> ValueAsync(HttpResponseMessage response)
    {
        (_, string data) = (await EventsAsync(response))[^1];
        return JsonElement.Parse(data).GetProperty("result").GetProperty("structuredContent").GetRawText();
    }

    /// <summary>The message of an error.</summary>
    public static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        JsonElement body = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("2.0", body.GetProperty("jsonrpc").GetString());
        return body.GetProperty("error").GetProperty("message").GetString()!;
    }
}
