using System.Net;
using Enclave.Cluster.Tests.Checking;
using Enclave.Cluster.Tests.Load;
using Enclave.Tests;

namespace Enclave.Cluster.Tests.Sessions;

/// <summary>The lines of one connection.</summary>
internal sealed class EventLines : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _answer;
    private readonly LineReader _lines;
    private readonly List<string> _seen = [];

    private EventLines(HttpResponseMessage answer, Stream stream) => (_answer, _lines) = (answer, new LineReader(stream, s_patience));

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Seen => _seen;

    public static async Task<EventLines> OfAsync(HttpResponseMessage answer)
    {
        Assert.True(
            answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {(answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync())}");
        return new EventLines(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads to the first event of a type. For a tool call, returns its id.</summary>
    public async Task<string> UntilAsync(string type)
    {
        while (await NextAsync(type) is { } line)
        {
            if (EventPeek.Head(line).Type != type) continue;
            return type == "tool_call" ? EventPeek.Payload(line).GetProperty("callId").GetString()! : line;
        }

        throw new InvalidOperationException($"the stream ended before {type}: {string.Join('\n', _seen)}");
    }

    /// <summary>Reads to the end and returns all lines.</summary>
    public async Task<string[]> AllAsync()
    {
        while (await NextAsync("end of the stream") is not null)
        {
        }

        return [.. _seen];
    }

    public void Dispose() => _answer.Dispose();

    private async Task<string?> NextAsync(string what)
    {
        string? line = await Within.Deadline(_lines.ReadAsync(CancellationToken.None), what);
        if (line is not null) _seen.Add(line);
        return line;
    }
}
