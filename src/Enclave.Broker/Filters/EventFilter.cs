using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.Streaming;
using Enclave.Streaming.Json;

namespace Enclave.Broker.Filters;

/// <summary>Selects the events that a reader gets. Events keep their numbers.</summary>
/// <remarks>
/// Filters come from clients, so their cost is bounded: 32 rules, 64 patterns of 1024 characters, 8 regular expressions of 256 characters and 1024 steps
/// together, 1024 characters of globs. Regular expressions match texts of at most 10000 characters;
/// globs and exact patterns match texts of at most 65536 characters. Independent of a stream. Thread-safe.
/// </remarks>
internal sealed class EventFilter
{
    private static readonly FilteredEvent s_nothing = new(default);

    private readonly IReadOnlyList<FilterClause> _clauses;
    private readonly IReadOnlySet<string> _always;
    private readonly bool _onlyTypes;

    public EventFilter(IReadOnlyList<FilterClause> clauses, IReadOnlySet<string> always)
    {
        _clauses = clauses;
        _always = always;
        _onlyTypes = clauses.All((clause) => clause.OnlyTypes);
    }

    /// <summary>Reads a filter: the protocol's form with <c>rules</c>, or one of the short forms.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="problem">The place and the fault, as in <c>rules: must be an array</c>.</param>
    public static bool TryParse(JsonElement json, [NotNullWhen(true)] out EventFilter? filter, [NotNullWhen(false)] out string? problem) =>
        FilterReader.TryRead(json, out filter, out problem);

    /// <summary>True if it uses more than the types of events.</summary>
    public bool ReadsContents => !_onlyTypes;

    /// <summary>Returns whether the reader gets an event.</summary>
    /// <param name="wireEvent">The event as it would be sent.</param>
    public bool Passes(JsonElement wireEvent)
    {
        if (wireEvent.ValueKind != JsonValueKind.Object) return false;
        JsonElement readable = UnicodeText.Readable(wireEvent);
        string type = readable.TryGetProperty("type"u8, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return Passes(type, new FilteredEvent(readable));
    }

    /// <summary>Returns whether the reader gets an event. It is only converted to JSON if its content matters.</summary>
    public bool Passes(SessionEvent sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        if (_always.Contains(sent.Type)) return true;
        return _onlyTypes
            ? Passes(sent.Type, s_nothing)
            : Passes(UnicodeText.Readable(JsonElement.Parse(sent.ToJsonString(), new JsonDocumentOptions { MaxDepth = int.MaxValue })));
    }

    /// <summary>Returns whether the reader gets an event of this type. For filters that use only types.</summary>
    public bool Passes(string type) => Passes(type, s_nothing);

    private bool Passes(string type, FilteredEvent filtered)
    {
        if (_always.Contains(type)) return true;
        foreach (FilterClause clause in _clauses)
        {
            if (!clause.Passes(type, filtered)) return false;
        }

        return true;
    }
}
