using System.Text.Json;

namespace Enclave.Broker.Stats;

/// <summary>The sessions that ended within one second.</summary>
internal sealed class OneSecondCounts
{
    /// <summary>Number of kept durations. Further ones replace a random one, so that the sample stays representative.</summary>
    private const int Kept = 1024;

    private readonly List<double> _milliseconds = [];
    private int _sessions;
    private int _failed;

    /// <summary>The second, counted from 1970.</summary>
    public long At { get; private set; }

    /// <summary>The kept durations.</summary>
    public IReadOnlyList<double> Milliseconds => _milliseconds;

    /// <summary>The quantile of sorted durations, for example 0.99.</summary>
    public static double Share(List<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    public void Begin(long at)
    {
        (At, _sessions, _failed) = (at, 0, 0);
        _milliseconds.Clear();
    }

    public void Add(TimeSpan took, bool ok)
    {
        _sessions++;
        if (!ok) _failed++;
        if (_milliseconds.Count < Kept) _milliseconds.Add(took.TotalMilliseconds);
        else if (Random.Shared.Next(_sessions) is var place && place < Kept) _milliseconds[place] = took.TotalMilliseconds;
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        _milliseconds.Sort();
        writer.WriteStartObject();
        writer.WriteNumber("at"u8, At);
        writer.WriteNumber("sessions"u8, _sessions);
        writer.WriteNumber("failed"u8, _failed);
        Write("p50", 0.50);
        Write("p99", 0.99);
        writer.WriteEndObject();

        void Write(string name, double share)
        {
            if (_milliseconds.Count == 0) writer.WriteNull(name);
            else writer.WriteNumber(name, Math.Round(Share(_milliseconds, share), 3));
        }
    }
}
