using System.Text.Json;
using Enclave.Broker.Diagnostics;
using Enclave.Streaming;

namespace Enclave.Broker.Figures;

/// <summary>How sessions ended: since the start by code, and in each of the last 60 seconds how long they took.</summary>
internal sealed class SessionFigures(BrokerMetrics metrics, TimeProvider clock)
{
    private const int Seconds = 60, MaxCodes = 64;

    private const string Ok = "OK", OtherCode = "OTHER";

    private readonly Lock _gate = new();
    private readonly SecondFigures[] _seconds = [.. Enumerable.Range(0, Seconds + 1).Select((_) => new SecondFigures())];
    private readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);
    private long _begun;

    public void Began()
    {
        lock (_gate) _begun++;
        metrics.Began();
    }

    public void Ended(Final final, TimeSpan took)
    {
        string code = final.Ok ? Ok : final.Error?.Code ?? OtherCode;
        lock (_gate)
        {
            // A runtime may name as many codes as it likes.
            if (!_codes.ContainsKey(code) && _codes.Count >= MaxCodes) code = OtherCode;
            _codes[code] = _codes.GetValueOrDefault(code) + 1;
            Of(Now()).Add(took, final.Ok);
        }

        metrics.Ended(took, code);
    }

    /// <summary>Sessions opened since the start.</summary>
    public long Begun
    {
        get
        {
            lock (_gate) return _begun;
        }
    }

    /// <summary>Writes the members <c>seconds</c> and <c>codes</c>.</summary>
    public void WriteMembers(Utf8JsonWriter writer)
    {
        lock (_gate)
        {
            writer.WriteStartArray("seconds"u8);
            // The second that goes on is not shown: it would look like a fall.
            long now = Now();
            for (long at = now - Seconds; at < now; at++) Of(at).WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteStartObject("codes"u8);
            foreach ((string code, long count) in _codes) writer.WriteNumber(code, count);
            writer.WriteEndObject();
        }
    }

    private long Now() => clock.GetUtcNow().ToUnixTimeSeconds();

    private SecondFigures Of(long at)
    {
        SecondFigures second = _seconds[(int)(at % _seconds.Length)];
        if (second.At != at) second.Begin(at);
        return second;
    }
}
