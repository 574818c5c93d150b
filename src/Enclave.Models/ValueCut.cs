using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Enclave.Protocol;
using Enclave.Protocol.Values;

namespace Enclave.Models;

/// <summary>
/// Cuts a value to a number of characters of JSON. The result is valid JSON in the value's shape: lists have their first items, objects all members whose names
/// have room, large members are cut, and counts stand where something was left out. The work is in proportion to the room, not to the value.
/// </summary>
/// <param name="content">Takes the files out of the value.</param>
internal sealed class ValueCut(ContentShape content)
{
    /// <summary>The least room of a value that is cut, which its notes need.</summary>
    private const int Least = 64;

    private const string Dots = "...";

    /// <summary>The characters of the note on members that were left out.</summary>
    public const int NoteOfMembers = 48;

    private const int NoteOfItems = 48, LeastMember = 8, MaxDots = 10;

    /// <summary>True if something was left out.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The value, or as much of it as there is room for.</summary>
    public JsonNode? Of(ScriptValue value, int room)
    {
        if (value.Kind == ScriptValueKind.Reference) value = JsonExport.Plain(value.AsReference());
        if (ContentShape.Is(value) && room >= ContentShape.PlaceOf(value)) return content.Take(value);
        if (JsonLength.Of(value, room) <= room) return Whole(value);
        IsCut = true;
        return value.Kind switch
        {
            ScriptValueKind.Array => room < Least ? Place(value.Count, "items", room) : Items(value, room),
            ScriptValueKind.Object => room < Least ? Place(Defined(value), "members", room) : Members(value, room),
            ScriptValueKind.Bytes => Place(value.AsBytes().Length, "bytes", room),
            ScriptValueKind.String => JsonValue.Create(Text(CodeAnswer.WellFormed(value.AsString()), room)),
            _ => JsonValue.Create(Text(JsonExport.ToNode(value)?.ToString() ?? "null", room)),
        };
    }

    /// <summary>
    /// The beginning of a text, with the number of characters that were left out. If there is no room for a beginning, only the number; if there is no room for
    /// the number, only dots. The text has no lone surrogates.
    /// </summary>
    public static string Text(string text, int room)
    {
        if (JsonLength.OfText(text, room) <= room) return text;
        int kept = JsonLength.Fitting(text, room - "\"... ( more characters)\"".Length - Digits(text.Length));
        return kept > 0 ? $"{text[..kept]}... ({text.Length - kept} more characters)" : Amount(text.Length, "characters", room);
    }

    private static JsonValue Place(int count, string unit, int room) => JsonValue.Create(Amount(count, unit, room));

    private static string Amount(int count, string unit, int room)
    {
        Debug.Assert(room >= Dots.Length + 2, "Each part of an answer has room for dots in quotes.");
        string amount = $"{Dots} ({count} {unit})";
        return amount.Length + 2 <= room ? amount : Dots;
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static int Defined(ScriptValue value) => value.Properties.Count((member) => member.Value.Kind != ScriptValueKind.Undefined);

    private JsonNode? Whole(ScriptValue value)
    {
        switch (value.Kind)
        {
            case ScriptValueKind.Array:
                return new JsonArray([.. value.Items.Select((item) => Of(item, int.MaxValue))]);
            case ScriptValueKind.Object:
                var node = new JsonObject();
                int all = 0;
                foreach ((string name, ScriptValue member) in value.Properties)
                {
                    if (member.Kind == ScriptValueKind.Undefined) continue;
                    all++;
                    Add(node, name, member, int.MaxValue);
                }

                Count(node, value, all);
                return node;
            case ScriptValueKind.String:
                return JsonValue.Create(CodeAnswer.WellFormed(value.AsString()));
            default:
                return JsonExport.ToNode(value);
        }
    }

    private JsonArray Items(ScriptValue value, int room)
    {
        var list = new JsonArray();
        int left = room - NoteOfItems;
        foreach (ScriptValue item in value.Items)
        {
            int length = JsonLength.Of(item, left - 1) + 1;
            // Add a part of an item only if there is room for enough of it to recognize it.
            bool fits = length <= left;
            if (!fits && (list.Count > 0 || left < Least + 1)) break;
            JsonNode? kept = Of(item, left - 1);
            list.Add(kept);
            left -= fits ? length : LengthOf(kept) + 1;
            if (!fits) break;
        }

        if (list.Count < value.Count) list.Add((JsonNode)JsonValue.Create($"... {value.Count - list.Count} of {value.Count} items"));
        return list;
    }

    private JsonObject Members(ScriptValue value, int room)
    {
        var node = new JsonObject();
        int left = room - NoteOfMembers;
        var members = new List<(string Name, ScriptValue Value, int Length)>();
        int all = 0;
        foreach ((string name, ScriptValue member) in value.Properties)
        {
            if (member.Kind == ScriptValueKind.Undefined) continue;
            all++;
            int head = JsonLength.OfText(name, left) + 2;
            if (left < head + LeastMember) continue;
            members.Add((name, member, 0));
            // The name, and the least of a value; more below.
            left -= head + LeastMember;
        }

        Shares(members, ref left);
        int each = LeastMember + (left / Math.Max(1, members.Count((one) => one.Length == 0)));
        foreach ((string name, ScriptValue member, int length) in members) Add(node, name, member, length > 0 ? length : each);
        Count(node, value, all);
        return node;
    }

    /// <summary>Adds a member. If names differ only in lone surrogates, only the first is added.</summary>
    private void Add(JsonObject node, string name, ScriptValue member, int room)
    {
        string shown = CodeAnswer.WellFormed(name);
        if (!node.ContainsKey(shown)) node[shown] = Of(member, room);
    }

    /// <summary>
    /// Notes how many members are missing, under a name that no member has. If there is no such name, only the answer says that something is missing.
    /// </summary>
    private void Count(JsonObject node, ScriptValue value, int all)
    {
        int kept = node.Count;
        if (kept == all) return;
        IsCut = true;
        string name = Dots;
        while (name.Length <= MaxDots && value.TryGetProperty(name, out _)) name += ".";
        if (name.Length <= MaxDots) node[name] = $"{all - kept} of {all} members";
    }

    /// <summary>Gives members that need less than an equal share what they need. The rest is for the larger members, whose length stays 0.</summary>
    private static void Shares(List<(string Name, ScriptValue Value, int Length)> members, ref int left)
    {
        for (int i = 0; i < members.Count; i++)
        {
            int share = LeastMember + (left / (members.Count - i)), length = Math.Max(JsonLength.Of(members[i].Value, share), LeastMember);
            if (length > share) continue;
            left -= length - LeastMember;
            members[i] = members[i] with { Length = length };
        }
    }

    private static int LengthOf(JsonNode? node) => node?.ToJsonString().Length ?? 4;
}
