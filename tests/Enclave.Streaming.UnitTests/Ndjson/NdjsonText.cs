using System.Text;

namespace Enclave.Streaming.Tests.Ndjson;

/// <summary>Parses texts for tests.</summary>
internal static class NdjsonText
{
    public static IReadOnlyList<NdjsonLine> Lines(string text, EventTolerance tolerance = EventTolerance.Exact)
    {
        var parser = new NdjsonParser(tolerance);
        List<NdjsonLine> lines = parser.All(Encoding.UTF8.GetBytes(text));
        if (parser.TryEnd(out NdjsonLine last)) lines.Add(last);
        return lines;
    }

    public static List<NdjsonLine> All(this NdjsonParser parser, ReadOnlyMemory<byte> bytes)
    {
        var lines = new List<NdjsonLine>();
        while (parser.TryRead(ref bytes, out NdjsonLine line)) lines.Add(line);
        Assert.True(bytes.IsEmpty);
        return lines;
    }
}
