using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enclave.Mcp.Transports;

/// <summary>
/// The messages of one client, line by line, between its streams and the library of the server. This class does what the library does not: it answers batches
/// (MCP 2025-03-26, JSON-RPC 2.0, 6), agrees on a version that it has (MCP, lifecycle), and sends a client the remaining answers after the client has closed
/// its stream.
/// </summary>
/// <param name="patience">How long the end waits for answers.</param>
/// <param name="clock">The clock of that wait.</param>
#pragma warning disable CA1001 // Without wait handles a semaphore holds nothing.
internal sealed class ClientMessages(TimeSpan patience, TimeProvider clock)
#pragma warning restore CA1001
{
    private const int MaxDepth = 128;

    /// <summary>The most messages of a batch.</summary>
    private const int MaxBatch = 100;

    /// <summary>The versions of the handshake that the library has, the last one last.</summary>
    private static readonly string[] s_versions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly Lock _gate = new();
    // Requests that have no answer yet, with the batch that each came in.
    private readonly Dictionary<string, Batch?> _open = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private Stream? _output;
    private Task _refused = Task.CompletedTask;
    private bool _hasEnded;

    /// <summary>The lines of the client.</summary>
    public Stream From(Stream input, int maxBytes) => new Input(this, new BoundedMessages(input, MessageBoundary.Line, maxBytes, int.MaxValue, clock, Take));

    /// <summary>The lines to the client.</summary>
    public Stream To(Stream output)
    {
        _output = output;
        return new Output(this, output);
    }

    /// <summary>A line of the client, as the library takes it.</summary>
    private ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> line)
    {
        JsonNode? message;
        try
        {
            message = JsonNode.Parse(line.Span, documentOptions: s_json);
        }
        catch (JsonException)
        {
            return line;
        }

        if (message is JsonArray batch) return TakeBatch(batch);
        if (message is not JsonObject one) return line;
        bool isChanged = Agree(one);
        lock (_gate) Note(one, null);
        return isChanged ? Encoding.UTF8.GetBytes(one.ToJsonString()) : line;
    }

    /// <summary>The messages of a batch, each on a line of its own.</summary>
    private ReadOnlyMemory<byte> TakeBatch(JsonArray messages)
    {
        var batch = new Batch();
        var lines = new StringBuilder();
        bool isRefused = messages.Count is 0 or > MaxBatch;
        if (isRefused) batch.Add(Refusal($"a batch has 1 to {MaxBatch} messages"));
        ReadOnlyMemory<byte>? answer;
        lock (_gate)
        {
            foreach (JsonNode? message in isRefused ? [] : messages)
            {
                if (message is not JsonObject one)
                {
                    batch.Add(Refusal("a message is an object"));
                    continue;
                }

                Agree(one);
                Note(one, batch);
                lines.Append(lines.Length > 0 ? "\n" : "").Append(one.ToJsonString());
            }

            answer = batch.TakeWhole(isAlone: isRefused);
        }

        if (answer is { } whole) _refused = Task.WhenAll(_refused, WriteAsync(whole, CancellationToken.None));
        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    /// <summary>A client of a later version gets the latest version of this server, and ends the connection if it does not support it.</summary>
    private static bool Agree(JsonObject message)
    {
        if (Text(message["method"]) != "initialize" || message["params"] is not JsonObject given || given["protocolVersion"] is not { } version
            || s_versions.Contains(Text(version))) return false;
        given["protocolVersion"] = s_versions[^1];
        return true;
    }

    private void Note(JsonObject message, Batch? batch)
    {
        string? method = Text(message["method"]);
        if (method is null) return;
        // The library answers no request that its client has given up.
        if (method == "notifications/cancelled" && message["params"] is JsonObject given && KeyOf(given["requestId"]) is { } left) Settle(left, null);
        else if (message.ContainsKey("id") && KeyOf(message["id"]) is { } key && _open.TryAdd(key, batch)) batch?.Expect();
    }

    /// <summary>A line to the client: itself, a batch that is complete with it, or nothing yet.</summary>
    private ReadOnlyMemory<byte> Give(ReadOnlyMemory<byte> line)
    {
        (JsonValue? id, bool hasMethod) = JsonRpc.HeadOf(line.Span);
        if (hasMethod || KeyOf(id) is not { } key) return line;
        lock (_gate) return Settle(key, line);
    }

    private ReadOnlyMemory<byte> Settle(string key, ReadOnlyMemory<byte>? answer)
    {
        if (!_open.Remove(key, out Batch? batch)) return answer ?? default;
        if (_hasEnded && _open.Count == 0) _answered.TrySetResult();
        if (batch is null) return answer ?? default;
        batch.Settle(answer);
        return batch.TakeWhole(isAlone: false) ?? default;
    }

    /// <summary>The client has closed its stream: waits until it has its answers.</summary>
    private async Task EndAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _hasEnded = true;
            if (_open.Count == 0) _answered.TrySetResult();
        }

        await Task.WhenAll(_answered.Task, _refused).WaitAsync(patience, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Without the caller's token: half a message would break the next one.
            await _output!.WriteAsync((byte[])[.. line.Span, (byte)'\n'], CancellationToken.None).ConfigureAwait(false);
            await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private static byte[] Refusal(string why) => JsonRpc.Error(null, JsonRpc.InvalidRequest, why);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static string? KeyOf(JsonNode? id) =>
        id is JsonValue value ? value.TryGetValue(out string? text) ? $"\"{text}" : value.TryGetValue(out long number) ? $"{number}" : null : null;

    /// <summary>The answers of a batch: one array, once all of its requests have theirs.</summary>
    private sealed class Batch
    {
        private readonly List<ReadOnlyMemory<byte>> _answers = [];
        private int _expected;

        public void Expect() => _expected++;

        public void Add(ReadOnlyMemory<byte> answer) => _answers.Add(answer);

        public void Settle(ReadOnlyMemory<byte>? answer)
        {
            _expected--;
            if (answer is { } given) _answers.Add(given.ToArray());
        }

        /// <summary>The whole answer; null if it is incomplete or empty.</summary>
        /// <param name="isAlone">True for the answer to a message that is not a batch.</param>
        public ReadOnlyMemory<byte>? TakeWhole(bool isAlone)
        {
            if (_expected > 0 || _answers.Count == 0) return null;
            if (isAlone) return _answers[0];
            var whole = new ArrayBufferWriter<byte>();
            foreach (ReadOnlyMemory<byte> answer in _answers)
            {
                whole.Write(whole.WrittenCount == 0 ? "["u8 : ","u8);
                whole.Write(answer.Span);
            }

            whole.Write("]"u8);
            _answers.Clear();
            return whole.WrittenMemory;
        }
    }

    private sealed class Input(ClientMessages messages, Stream lines) : MessageStream(lines, isRead: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await Inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0 && !buffer.IsEmpty) await messages.EndAsync(cancellationToken).ConfigureAwait(false);
            return read;
        }
    }

    private sealed class Output(ClientMessages messages, Stream inner) : MessageStream(inner, isRead: false)
    {
        private readonly ArrayBufferWriter<byte> _line = new();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (!buffer.IsEmpty)
            {
                int end = buffer.Span.IndexOf((byte)'\n');
                _line.Write(end < 0 ? buffer.Span : buffer.Span[..end]);
                if (end < 0) return;
                buffer = buffer[(end + 1)..];
                ReadOnlyMemory<byte> given = messages.Give(_line.WrittenMemory);
                if (!given.IsEmpty) await messages.WriteAsync(given, cancellationToken).ConfigureAwait(false);
                _line.ResetWrittenCount();
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
