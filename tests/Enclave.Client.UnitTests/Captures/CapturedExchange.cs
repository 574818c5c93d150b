using System.Text;
using System.Text.Json;
using Enclave.Streaming;

namespace Enclave.Client.UnitTests;

/// <summary>One recorded request and its response.</summary>
internal sealed class CapturedExchange
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CapturedExchange(JsonElement request, int line)
    {
        Line = line;
        Method = request.GetProperty("method").GetString()!;
        var target = new Uri(new Uri("http://host"), request.GetProperty("target").GetString()!);
        Path = target.AbsolutePath;
        Query = target.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select((pair) => pair.Split('=', 2)).ToDictionary((pair) => pair[0], (pair) => Uri.UnescapeDataString(pair[1]));
        // Upstream's client requests a stream by itself after a cut; requests made by hand do not send this header.
        IsByItself = Method == "GET" && request.GetProperty("headers").EnumerateArray().Any((header) => header[1].GetString() == StreamProtocol.MediaType);
    }

    /// <summary>Position of the request in the recording.</summary>
    public int Line { get; }

    public string Method { get; }

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Query { get; }

    public bool IsByItself { get; }

    public JsonElement Body { get; private set; }

    public int Status { get; private set; }

    public string ContentType { get; private set; } = "application/json";

    /// <summary>The pieces of the response, each with its position in the recording.</summary>
    public List<(int Line, byte[] Bytes)> Pieces { get; } = [];

    public int AnswerLine { get; private set; } = int.MaxValue;

    /// <summary>How the response's connection ended.</summary>
    public CapturedEnd End { get; private set; } = CapturedEnd.Cut;

    public bool IsTaken { get; set; }

    /// <summary>The first event number requested; 0 for all, and for an invalid number.</summary>
    public long From => long.TryParse(Query.GetValueOrDefault("fromSeq"), out long from) && from > 0 ? from : 0;

    /// <summary>True if it had a valid filter.</summary>
    public bool HasFilter => Query.TryGetValue("filter", out string? filter) && filter.StartsWith('{');

    public Task Arrived => _arrived.Task;

    /// <summary>Completes when the response is finished.</summary>
    public Task Done => _done.Task;

    public string? SessionInPath => Path.Split('/') is ["", "sessions", var id, ..] ? id : null;

    public string? Code => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out JsonElement code) && code.ValueKind == JsonValueKind.String
        ? code.GetString()
        : null;

    /// <summary>The requested name; empty for none.</summary>
    public string Session => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("sessionId", out JsonElement id) ? id.GetString()! : "";

    /// <summary>The lines of the response, if it is a stream.</summary>
    public IEnumerable<JsonElement> Events => Encoding.UTF8.GetString([.. Pieces.SelectMany((piece) => piece.Bytes)])
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => JsonDocument.Parse(line).RootElement);

    public bool IsStream => Status == 200 && (ContentType == StreamProtocol.MediaType || Pieces.Count == 0);

    public void MarkArrived() => _arrived.TrySetResult();

    public void MarkDone() => _done.TrySetResult();

    public void Add(string kind, JsonElement line, int number)
    {
        switch (kind)
        {
            case "request_body":
                Body = Json(line.GetProperty("text").GetString()!);
                break;
            case "response":
                Status = line.GetProperty("status").GetInt32();
                AnswerLine = number;
                foreach (JsonElement header in line.GetProperty("headers").EnumerateArray())
                {
                    if (header[0].GetString()!.Equals("content-type", StringComparison.OrdinalIgnoreCase)) ContentType = header[1].GetString()!.Split(';')[0];
                    if (header[0].GetString()!.Equals("content-length", StringComparison.OrdinalIgnoreCase)) End = CapturedEnd.Complete;
                }

                break;
            case "response_chunk" or "response_body":
                Pieces.Add((number, line.TryGetProperty("b64", out JsonElement bytes)
                    ? bytes.GetBytesFromBase64()
                    : Encoding.UTF8.GetBytes(line.GetProperty("text").GetString()!)));
                break;
            case "response_end":
                End = CapturedEnd.Complete;
                break;
            case "tcp_end" when End == CapturedEnd.Cut && line.GetProperty("dir").GetString() == "c2s":
                End = CapturedEnd.LeftByClient;
                break;
        }
    }

    private static JsonElement Json(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
