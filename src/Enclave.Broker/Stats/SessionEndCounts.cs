using System.Text.Json;
using Enclave.Broker.Access;
using Enclave.Broker.Diagnostics;
using Enclave.Broker.Errors;
using Enclave.Streaming;

namespace Enclave.Broker.Stats;

/// <summary>Counts ended sessions by code since the start, and their durations in each of the last 60 seconds.</summary>
internal sealed class SessionEndCounts(BrokerMetrics metrics, TimeProvider clock)
{
    private const int Seconds = 60, MaxCodes = 64, MaxCodeLength = 64, MaxTenants = 1_000, LatencySeconds = 10;

    private const string Ok = "OK", OtherCode = "OTHER";

    private readonly Lock _gate = new();
    private readonly OneSecondCounts[] _seconds = [.. Enumerable.Range(0, Seconds + 1).Select((_) => new OneSecondCounts())];
    private readonly SortedDictionary<string, long> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _refusedOf = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly long _startedAt = clock.GetTimestamp();
    private long _begun;

    public void Began()
    {
        lock (_gate) _begun++;
        metrics.Began();
    }

    /// <summary>Counts a session that was refused.</summary>
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

    /// <summary>Number of refused sessions.</summary>
    public long RefusedInAll { get; private set; }

    /// <summary>Refused sessions by tenant, for a limited number of tenants. Clients without a tenant are under the empty name.</summary>
    public IReadOnlyDictionary<string, long> RefusedOf()
    {
        lock (_gate) return new Dictionary<string, long>(_refusedOf, StringComparer.Ordinal);
    }

    /// <summary>Median and 99th percentile of the sessions that ended in the last 10 s, in milliseconds; null if none did.</summary>
    public (double? P50, double? P99) Latency()
    {
        var all = new List<double>();
        lock (_gate)
        {
            long now = Now();
            for (long at = now - LatencySeconds; at <= now; at++) all.AddRange(Of(at).Milliseconds);
        }

        all.Sort();
        return all.Count == 0 ? (null, null) : (OneSecondCounts.Share(all, 0.50), OneSecondCounts.Share(all, 0.99));
    }

    public void Ended(Final final, TimeSpan took)
    {
        string code = final.Ok ? Ok : final.Error?.Code ?? OtherCode;
        lock (_gate)
        {
            // A runtime may send any number of different codes, of any length.
            if (code.Length > MaxCodeLength || (!_codes.ContainsKey(code) && _codes.Count >= MaxCodes)) code = OtherCode;
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
            // The current second is not complete, and would look like a drop.
            long now = Now();
            for (long at = now - Seconds; at < now; at++) Of(at).WriteTo(writer);
            writer.WriteEndArray();
            writer.WriteStartObject("codes"u8);
            foreach ((string code, long count) in _codes) writer.WriteNumber(code, count);
            writer.WriteEndObject();
        }
    }

    /// <summary>The second, counted from 1970 by the clock at the start: a step of the wall clock does not empty the table, or fill it twice.</summary>
    private long Now() => (_start + clock.GetElapsedTime(_startedAt)).ToUnixTimeSeconds();

    private OneSecondCounts Of(long at)
    {
        OneSecondCounts second = _seconds[(int)(at % _seconds.Length)];
        if (second.At != at) second.Begin(at);
        return second;
    }
}
