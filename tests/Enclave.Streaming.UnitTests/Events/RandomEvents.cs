using System.Text.Json;

namespace Enclave.Streaming.Tests.Events;

/// <summary>Random events of every type, the same for the same seed.</summary>
internal sealed class RandomEvents(int seed)
{
    private static readonly string[] s_texts =
        ["", "x", "a b", "\n", "\u2028", "\"\\/", "\0\u001f\u007f", "漢字", "😀", "<script>&'", "{\"a\":1}", "\ufeff", "../..", new string('x', 300)];

    // Reproducible by intention.
#pragma warning disable CA5394
    private readonly Random _random = new(seed);

    public SessionEvent Next() => new($"s_{Text()}1", _random.NextInt64(1L << 53), Payload()) { ProtocolVersion = 1 + _random.Next(2) };

    private EventPayload Payload() => _random.Next(13) switch
    {
        0 => new SessionInit
        {
            CancelUrl = Text(),
            ExpiresAt = Time(),
            Encryption = new SessionEncryption(Coin(), Maybe(Text), Perhaps(() => Json(1, JsonValueKind.Object))),
            ReplayUrl = Maybe(Text)
        },
        1 => new Stdout(Text()),
        2 => new LogEntry { Level = (LogSeverity)_random.Next(4), Message = Text(), Data = Perhaps(() => Json(3, JsonValueKind.Object)) },
        3 => new ToolCall { CallId = Call(), ToolName = $"t{Text()}", Args = Json(3) },
        4 => new ToolProgress
        {
            CallId = Call(),
            Phase = (ToolPhase)_random.Next(4),
            ElapsedMs = Number(),
            BytesReceived = Perhaps(Count),
            TotalBytes = Perhaps(Count),
        },
        5 => new ToolResultApplied(Call()),
        6 => new PartialResult { Path = Texts(), Data = Perhaps(() => Json(3)), Error = Maybe(Error), HasNext = Coin() },
        7 => new Heartbeat(Time()),
        8 => new SessionError { Message = Text(), Code = Maybe(Text), Recoverable = Perhaps(Coin) },
        9 => new DeadlineExceeded(Number(), Number() + 1),
        10 => new CatalogChanged($"v{Text()}", Texts(), Texts()),
        11 => new Encrypted($"k_{Text()}", Text(), Text(), Maybe(Text)),
        _ => Final(),
    };

    private Final Final() => new()
    {
        Ok = Coin(),
        Result = Perhaps(() => Json(4)),
        Error = Maybe(() => new ErrorInfo(Text(), Maybe(Text), Maybe(Text))),
        Errors = Maybe(() => Enumerable.Range(0, 1 + _random.Next(3)).Select((_) => Error()).ToArray()),
        Stats = Maybe(() => new FinalStats(Number(), Count(), Count())),
    };

    private ErrorPayload Error() => new() { Code = Text(), Message = Text(), Path = Maybe(Texts), Details = Maybe(() => new[] { Detail() }) };

    private JsonElement Detail() => JsonSerializer.SerializeToElement<object>(_random.Next(4) switch
    {
        0 => new { type = "retry_info", retryDelayMs = Number() },
        1 => new { type = "upstream_info", statusCode = _random.Next(600), url = Text() },
        2 => new { type = "validation_info", field = Text(), reason = Text() },
        _ => new { type = "quota_info", limit = Number(), used = Number() },
    });

    private JsonElement Json(int depth, JsonValueKind? kind = null) => JsonSerializer.SerializeToElement(Value(depth, kind));

    private object? Value(int depth, JsonValueKind? kind = null) => kind == JsonValueKind.Object || (depth > 0 && _random.Next(3) == 0)
        ? Enumerable.Range(0, _random.Next(4)).ToDictionary((index) => $"{index}{Text()}", (_) => Value(depth - 1))
        : _random.Next(depth > 0 ? 6 : 5) switch
        {
            0 => null,
            1 => Coin(),
            2 => Text(),
            3 => Number(),
            4 => _random.NextInt64(),
            _ => Enumerable.Range(0, _random.Next(4)).Select((_) => Value(depth - 1)).ToArray(),
        };

    private string Text() => s_texts[_random.Next(s_texts.Length)];

    private string[] Texts() => [.. Enumerable.Range(0, _random.Next(3)).Select((_) => Text())];

    private string Call() => $"c_{Text()}1";

    private double Number() => _random.Next(2) == 0 ? _random.Next(1000) : _random.NextDouble() * Math.Pow(10, _random.Next(-8, 24));

    private long Count() => _random.NextInt64(1L << 53);

    private DateTimeOffset Time() => DateTimeOffset.UnixEpoch.AddMilliseconds(_random.NextInt64(4_000_000_000_000));

    private bool Coin() => _random.Next(2) == 0;

    private T? Maybe<T>(Func<T> make)
        where T : class => Coin() ? make() : null;

    private T? Perhaps<T>(Func<T> make)
        where T : struct => Coin() ? make() : null;
#pragma warning restore CA5394
}
