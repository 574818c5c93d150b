using System.Text;
using System.Text.Json;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Printing;

/// <summary>Maps places of a printed text to places of its source: a source map, version 3 (ECMA-426).</summary>
/// <remarks>Every token that an engine may report as the place of an error or a call has a segment: names, literals, operators, brackets, keywords.</remarks>
public sealed class SourceMap
{
    private const int Version = 3;
    private readonly Segment[] _segments;
    private readonly Lazy<LineMap> _text;
    private readonly Lazy<LineMap> _source;

    /// <summary>Keeps both texts. Lines are counted when the map is first used, because most maps never are.</summary>
    internal SourceMap(Segment[] segments, string text, string source)
    {
        _segments = segments;
        _text = new Lazy<LineMap>(() => new LineMap(text));
        _source = new Lazy<LineMap>(() => new LineMap(source));
    }

    /// <summary>The number of segments.</summary>
    public int Count => _segments.Length;

    /// <summary>Maps a place in the printed text to the source, by the last segment at or before it. Null before the first segment.</summary>
    /// <param name="line">Line, from 1.</param>
    /// <param name="column">Column, from 0. Engines write columns from 1 in their stacks.</param>
    public SourcePosition? Original(int line, int column) => OriginalOffset(line, column) is { } offset ? _source.Value.At(offset) : null;

    /// <summary>The UTF-16 offset in the source of a place in the printed text.</summary>
    /// <inheritdoc cref="Original"/>
    public int? OriginalOffset(int line, int column)
    {
        int at = _text.Value.Offset(line, column);
        int low = 0, high = _segments.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_segments[middle].Generated <= at) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? null : _segments[low - 1].Original;
    }

    /// <summary>The segments in the format of the field "mappings".</summary>
    public string Mappings()
    {
        var text = new StringBuilder(_segments.Length * 6);
        SourcePosition generated = new(1, 0), original = new(1, 0);
        for (int i = 0; i < _segments.Length; i++)
        {
            SourcePosition place = _text.Value.At(_segments[i].Generated), from = _source.Value.At(_segments[i].Original);
            if (place.Line > generated.Line)
            {
                text.Append(';', place.Line - generated.Line);
                generated = new SourcePosition(place.Line, 0);
            }
            else if (i > 0)
            {
                text.Append(',');
            }

            Vlq.Write(text, place.Column - generated.Column);
            Vlq.Write(text, 0);
            Vlq.Write(text, from.Line - original.Line);
            Vlq.Write(text, from.Column - original.Column);
            (generated, original) = (place, from);
        }

        return text.ToString();
    }

    /// <summary>The map as JSON.</summary>
    /// <param name="sourceName">Name or URL of the source.</param>
    /// <param name="sourceText">The source to include in the map; null to leave it out.</param>
    public string ToJson(string sourceName, string? sourceText = null)
    {
        ArgumentNullException.ThrowIfNull(sourceName);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteStartArray("sources");
            json.WriteStringValue(sourceName);
            json.WriteEndArray();
            if (sourceText is not null)
            {
                json.WriteStartArray("sourcesContent");
                json.WriteStringValue(sourceText);
                json.WriteEndArray();
            }

            json.WriteStartArray("names");
            json.WriteEndArray();
            json.WriteString("mappings", Mappings());
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>From here on, the printed text at one offset comes from another offset of the source.</summary>
    internal readonly record struct Segment(int Generated, int Original);
}
