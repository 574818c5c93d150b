using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Enclave.Cli.Serve.Yaml;

/// <summary>
/// Writes the events of a YAML parser as JSON while they are read, without building a tree. The
/// target of an alias was written before, and is copied from there.
/// </summary>
internal sealed class YamlToJson : IDisposable
{
    /// <summary>Maximum nesting, as for a document in JSON.</summary>
    private const int MaxDepth = 128;

    /// <summary>The parser's time for an anchor grows with the number of anchors.</summary>
    private const int MaxAnchors = 10_000;

    private const string Merge = "<<";

    private readonly IParser _parser;
    private readonly long _mostBytes;
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<string, (int Start, int End)> _anchors = new(StringComparer.Ordinal);
    private long _copied;

    public YamlToJson(IParser parser, long mostBytes)
    {
        (_parser, _mostBytes) = (parser, mostBytes);
        _writer = new Utf8JsonWriter(
            _json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * MaxDepth, SkipValidation = true });
    }

    /// <exception cref="YamlException">It is not valid YAML.</exception>
    /// <exception cref="OpenApiException">It cannot be JSON, or is too large.</exception>
    public ReadOnlyMemory<byte> Read()
    {
        _ = Take<StreamStart>();
        if (Peek() is StreamEnd) return default;
        _ = Take<DocumentStart>();
        Value(0);
        _ = Take<DocumentEnd>();
        if (Peek() is not StreamEnd) throw Fault("it contains a second document");
        _writer.Flush();
        return _json.WrittenMemory;
    }

    public void Dispose() => _writer.Dispose();

    private void Value(int depth)
    {
        if (depth > MaxDepth) throw Fault($"it is nested deeper than {MaxDepth}");
        if (Take<AnchorAlias>() is { } alias)
        {
            Raw(Aliased(alias));
            return;
        }

        if (Peek() is not NodeEvent node) throw Fault("a value is missing");
        _writer.Flush();
        int start = _json.WrittenCount;
        switch (node)
        {
            case Scalar: YamlScalar.Write(_writer, Take<Scalar>()!); break;
            case SequenceStart: Sequence(depth); break;
            default: Mapping(depth); break;
        }

        Bound();
        if (!node.Anchor.IsEmpty) Keep(node.Anchor.Value, start);
    }

    private void Sequence(int depth)
    {
        _ = Take<SequenceStart>();
        _writer.WriteStartArray();
        while (Take<SequenceEnd>() is null) Value(depth + 1);
        _writer.WriteEndArray();
    }

    private void Mapping(int depth)
    {
        _ = Take<MappingStart>();
        _writer.WriteStartObject();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var merged = new List<(int Start, int End)>();
        while (Take<MappingEnd>() is null)
        {
            Scalar name = Take<Scalar>() ?? throw Fault("a key is not text");
            string key = name.Value;
            if (key == Merge && name.Style == ScalarStyle.Plain)
            {
                Merged(merged);
                continue;
            }

            if (!keys.Add(key)) throw Fault($"the key {Shown(key)} is repeated");
            _writer.WritePropertyName(key);
            Value(depth + 1);
        }

        // A mapping's own members take precedence over merged ones, in any order.
        foreach ((int from, int to) in merged) Members(from, to, keys);
        _writer.WriteEndObject();
    }

    private void Merged(List<(int Start, int End)> merged)
    {
        if (Take<AnchorAlias>() is { } one)
        {
            merged.Add(Aliased(one));
            return;
        }

        if (Take<SequenceStart>() is null) throw Fault("<< takes an alias, or a list of them");
        while (Take<SequenceEnd>() is null) merged.Add(Aliased(Take<AnchorAlias>() ?? throw Fault("<< takes an alias, or a list of them")));
    }

    private void Members(int from, int to, HashSet<string> keys)
    {
        Copying(to - from);
        using JsonDocument mapping = JsonDocument.Parse(_json.WrittenMemory[from..to], new JsonDocumentOptions { MaxDepth = MaxDepth });
        if (mapping.RootElement.ValueKind != JsonValueKind.Object) throw Fault("<< takes an alias of a mapping");
        foreach (JsonProperty member in mapping.RootElement.EnumerateObject())
        {
            if (!keys.Add(member.Name)) continue;
            member.WriteTo(_writer);
            Bound();
        }
    }

    private void Raw((int Start, int End) place)
    {
        Copying(place.End - place.Start);
        _writer.WriteRawValue(_json.WrittenSpan[place.Start..place.End].ToArray(), skipInputValidation: true);
        Bound();
    }

    /// <summary>Counts copied bytes, including those that are read again without being written, as in a list of equal merges.</summary>
    private void Copying(int bytes)
    {
        _copied += bytes;
        if (_copied > _mostBytes) throw new OpenApiException($"the aliases of the document expand to more than {_mostBytes} bytes of JSON");
    }

    private (int Start, int End) Aliased(AnchorAlias alias) =>
        _anchors.TryGetValue(alias.Value.Value, out (int Start, int End) place)
            ? place
            : throw Fault($"the alias *{Shown(alias.Value.Value)} refers to nothing that is complete before it");

    private void Keep(string anchor, int start)
    {
        _writer.Flush();
        // Skips the comma or colon between it and the part before.
        while (_json.WrittenSpan[start] is (byte)',' or (byte)':') start++;
        _anchors[anchor] = (start, _json.WrittenCount);
        if (_anchors.Count > MaxAnchors) throw Fault($"it has more than {MaxAnchors} anchors");
    }

    private void Bound()
    {
        if (_writer.BytesCommitted + _writer.BytesPending > _mostBytes)
            throw new OpenApiException($"the document expands to more than {_mostBytes} bytes of JSON (aliases are copied)");
    }

    private ParsingEvent Peek() => _parser.Current ?? (_parser.MoveNext() ? _parser.Current! : throw Fault("it ends too early"));

    /// <summary>Takes the next event if it has this type; otherwise returns null and leaves it.</summary>
    private T? Take<T>()
        where T : ParsingEvent
    {
        if (Peek() is not T found) return null;
        _parser.MoveNext();
        return found;
    }

    private OpenApiException Fault(string why) => new($"the document cannot be read as JSON (line {_parser.Current?.Start.Line ?? 1}): {why}");

    private static string Shown(string name) => name.Length > 100 ? name[..100] : name;
}
