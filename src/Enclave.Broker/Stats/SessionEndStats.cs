using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Errors;
using Enclave.Streaming;

namespace Enclave.Broker.Stats;

/// <summary>Counts how sessions ended, by code since the start, and how long they took in each of the last 60 seconds.</summary>
internal sealed class SessionEndStats(BrokerMetrics metrics, TimeProvider clock)
{
    private const int Seconds = 60, MaxCodes = 64, MaxTenants = 1_000, LatencySeconds = 10;

    private const string Ok = "OK", OtherCode = "OTHER";

    private readonly Lock _gate = new();
    private readonly SecondStats[] _seconds = [.. Enumerable.Range(0, Seconds + 1).Select((_) => new SecondStats())];
    private readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _refusedOf = new(StringComparer.Ordinal);
    private long _begun;

    public void Began()
    {
        lock (_gate) _begun++;
        metrics.Began();
    }

    /// <summary>A session was not opened.</summary>
    public void Refused(Caller caller, BrokerError why)
    {
        string tenant = caller.Tenant ?? "";
        lock (_gate)
        {
            RefusedInAll++;
            if (_refusedOf.ContainsKey(tenant) || _refusedOf.Count < MaxTenants) _refusedOf[tenant] = _refusedOf.GetValueOrDefault(tenant) + 1;
        }

        metrics.Refused(why.Code);
    }

    /// <summary>Sessions that were not opened.</summary>
    public long RefusedInAll { get; private set; }

    /// <summary>The same by tenant, of the first so many that were refused; the empty name is for clients without one.</summary>
    public IReadOnlyDictionary<string, long> RefusedOf()
    {
        lock (_gate) return new Dictionary<string, long>(_refusedOf, StringComparer.Ordinal);
    }

    /// <summary>What sessions took that ended in the last 10 s, in milliseconds; null when none did.</summary>
    public (double? P50, double? P99) Latency()
    {
        var all = new List<double>();
        lock (_gate)
        {
            long now = Now();
            for (long at = now - LatencySeconds; at <= now; at++) all.AddRange(Of(at).Milliseconds);
        }

        all.Sort();
        return all.Count == 0 ? (null, null) : (SecondStats.Share(all, 0.50), SecondStats.Share(all, 0.99));
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

    private SecondStats Of(long at)
    {
        SecondStats second = _seconds[(int)(at % _seconds.Length)];
        if (second.At != at) second.Begin(at);
        return second;
    }
}
