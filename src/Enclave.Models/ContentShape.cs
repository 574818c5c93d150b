using System.Buffers;
using System.Text.Json.Nodes;
using Enclave.Protocol;

namespace Enclave.Models;

/// <summary>
/// Finds files in a script's value: objects with <c>mimeType</c> and bytes as <c>data</c>, as tools of MCP servers give them. In the value a short object
/// stands in their place.
/// </summary>
/// <param name="maxBytes">Bytes of all files.</param>
internal sealed class ContentShape(int maxBytes)
{
    /// <summary>The most files of an answer.</summary>
    public const int MaxFiles = 10;

    /// <summary>The characters of the object in a file's place, without type and name.</summary>
    private const int PlaceCharacters = 160;

    private const int MaxType = 100, MaxName = 100;

    private static readonly SearchValues<char> s_type = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&^_.+-");

    private readonly List<CodeContent> _found = [];
    private long _bytes;

    /// <summary>The files so far.</summary>
    public IReadOnlyList<CodeContent> Found => _found;

    /// <summary>True if the value is a file.</summary>
    public static bool Is(ScriptValue value) => value.Kind == ScriptValueKind.Object && value.Count <= 16
        && value.TryGetProperty("data", out ScriptValue data) && data.Kind == ScriptValueKind.Bytes
        && value.TryGetProperty("mimeType", out ScriptValue type) && type.Kind == ScriptValueKind.String && IsType(type.AsString());

    /// <summary>Takes a file out of the value. Returns what stands in its place.</summary>
    public JsonObject Take(ScriptValue file)
    {
        ReadOnlyMemory<byte> data = file["data"].AsBytes();
        string type = file["mimeType"].AsString();
        string? name = NameOf(file);
        var place = new JsonObject { ["mimeType"] = type };
        if (name is not null) place["name"] = name;
        place["bytes"] = data.Length;
        if (_found.Count == MaxFiles) place["leftOut"] = $"an answer has at most {MaxFiles} files";
        else if (_bytes + data.Length > maxBytes) place["leftOut"] = $"the files of an answer may have {maxBytes} bytes together";
        else
        {
            _bytes += data.Length;
            _found.Add(new CodeContent(type, name, data));
            place["file"] = _found.Count;
        }

        return place;
    }

    /// <summary>The most characters of the text that replaces a file.</summary>
    public static int PlaceOf(ScriptValue file) =>
        PlaceCharacters + JsonLength.OfText(file["mimeType"].AsString(), int.MaxValue) + JsonLength.OfText(NameOf(file) ?? "", int.MaxValue);

    private static string? NameOf(ScriptValue file) =>
        file["name"] is { Kind: ScriptValueKind.String } given && given.AsString() is { Length: > 0 and <= MaxName } text
            && !text.Any((c) => char.IsControl(c) || char.IsSurrogate(c)) ? text : null;

    private static bool IsType(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return text.Length <= MaxType && slash > 0 && slash < text.Length - 1 && !text.AsSpan(0, slash).ContainsAnyExcept(s_type)
            && !text.AsSpan(slash + 1).ContainsAnyExcept(s_type);
    }
}
