using Enclave.Guard.Issues;
using Enclave.JavaScript.Ast;

namespace Enclave.Guard.Scoring;

/// <summary>The sensitive words of one script, each once, in any spelling.</summary>
internal sealed class SensitiveFieldSet(SourcePlaces places)
{
    private const int MaxFields = 256;
    private const int MaxName = 64;
    private readonly List<SensitiveField> _fields = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    // Values behind names are read again for each call, and hold no other words then.
    private readonly HashSet<Node> _searched = [];

    public ImmutableArray<SensitiveField> Fields => [.. _fields];

    /// <summary>Adds a key or a property: the whole name is the field.</summary>
    public void AddName(string name, Node node)
    {
        if (!_searched.Add(node)) return;
        string field = Cut(name);
        if (SensitiveWords.IsInternal(name)) Add(field, SensitiveCategory.Internal, node);
        Search(name, field, node);
    }

    /// <summary>Adds a string: each sensitive word in it is a field, unless the string is itself a name.</summary>
    public void AddText(string text, Node node)
    {
        if (!_searched.Add(node)) return;
        if (SensitiveWords.IsInternal(text) && !text.AsSpan().ContainsAny(' ', '\n')) Add(Cut(text), SensitiveCategory.Internal, node);
        Search(text, null, node);
    }

    private static string Cut(string name) => name.Length > MaxName ? name[..MaxName] : name;

    // Apart, so that a node that was searched before allocates nothing.
    private void Search(string text, string? field, Node node) => SensitiveWords.Find(text, (word, category) => Add(field ?? word, category, node));

    private void Add(string name, SensitiveCategory category, Node node)
    {
        // A name of two categories, as in emailPassword, is two fields, one per category.
        if (_fields.Count < MaxFields && _names.Add($"{category}:{name}")) _fields.Add(new SensitiveField(name, category, places.Of(node)));
    }
}
