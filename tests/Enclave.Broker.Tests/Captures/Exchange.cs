using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Broker.Tests.Captures;

/// <summary>One recorded request with its recorded response, and our response.</summary>
internal sealed class Exchange(int number, string method, string target, (string Name, string Value)[] headers) : IDisposable
{
    private static readonly HashSet<string> s_ofTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Host", "Content-Length", "Accept-Encoding", "Transfer-Encoding",
    };

    private readonly Lock _gate = new();
    private readonly List<string> _came = [];
    private readonly CancellationTokenSource _leave = new();
    private Task _reading = Task.CompletedTask;
    private List<string> _head = [];

    /// <summary>Position of the request in its recording, from 1.</summary>
    public int Number { get; } = number;

    public string What => $"request {Number}, {method} {target},";

    public string? Body { get; init; }

    /// <summary>The recorded status line and headers.</summary>
    public List<string> Head { get; set; } = [];

    /// <summary>The recorded events so far.</summary>
    public List<JsonElement> Events { get; } = [];

    /// <summary>The recorded body; null for none, or for events.</summary>
    public string? Text { get; set; }

    /// <summary>True if the recorded response is complete.</summary>
    public bool IsWhole { get; set; }

    /// <summary>True if the client disconnected before its end.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>True if it asks for a session's state, which depends on the time.</summary>
    public bool AsksForState => method == "GET" && target.StartsWith("/sessions", StringComparison.Ordinal)
        && !target.Contains("/stream", StringComparison.Ordinal) && Head[0].StartsWith("200", StringComparison.Ordinal);

    public bool HasEnded => _reading.IsCompleted;

    public JsonElement[] OurEvents
    {
        get
        {
            if (!IsStream) return [];
            lock (_gate) return [.. _came.Where((line) => line.Length > 0).Select((line) => JsonDocument.Parse(line).RootElement)];
        }
    }

    private bool IsStream => _head.Count > 0 && _head[0].Contains("ndjson", StringComparison.Ordinal);

    public void Begin(HttpClient http, Func<string, string> ours)
    {
        lock (_gate) _came.Clear();
        var request = new HttpRequestMessage(new HttpMethod(method), ours(target));
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(ours(Body)));
            if (headers.FirstOrDefault((header) => header.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value is { } type)
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        }

        foreach ((string name, string value) in headers)
        {
            if (!s_ofTheConnection.Contains(name)) request.Headers.TryAddWithoutValidation(name, value);
        }

        _reading = ReadAsync(http, request);
    }

    /// <summary>Completes when our broker has sent as much as the recording had by now.</summary>
    public Task ShowsAsync()
    {
        Dictionary<string, int> recorded = Events.CountBy((happened) => happened.Type()).ToDictionary();
        return Within.Becomes(
            () =>
            {
                if (HasEnded) return true;
                Dictionary<string, int> shown = OurEvents.CountBy((happened) => happened.Type()).ToDictionary();
                return recorded.All((kind) => shown.GetValueOrDefault(kind.Key) >= kind.Value);
            },
            $"{What} showed {string.Join(", ", Events.Types())}",
            () => string.Join(", ", OurEvents.Types()));
    }

    public Task EndsAsync() => Within.Deadline(_reading, $"end of the answer to {What}");

    /// <summary>Disconnects, as the recorded client did.</summary>
    public async Task LeaveAsync()
    {
        IsLeft = true;
        await _leave.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public List<string> Recorded() => [.. Head, .. Text is null ? AnswerLines.Events(Events) : AnswerLines.Body(Text)];

    public List<string> Ours() => [.. _head, .. IsStream ? AnswerLines.Events(OurEvents) : AnswerLines.Body(string.Join('\n', _came))];

    public void Dispose() => _leave.Dispose();

    private async Task ReadAsync(HttpClient http, HttpRequestMessage request)
    {
        using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _leave.Token);
        _head = AnswerLines.Head(
            (int)response.StatusCode, (name) => (response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values))
            ? string.Join(", ", values)
            : null);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_leave.Token));
        while (await reader.ReadLineAsync(_leave.Token) is { } line)
        {
            lock (_gate) _came.Add(line);
        }
    }
}
