using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Enclave.JavaScript.Matching;
using Enclave.Streaming;
using Enclave.Streaming.Json;

namespace Enclave.Broker.Filters;

/// <summary>Reads a filter and checks its limits.</summary>
internal sealed class FilterReader
{
    private static readonly FrozenSet<string> s_always = new[] { "session_init", "final" }.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> s_alwaysOfShortForms = new[] { "session_init", "final", "error" }.ToFrozenSet(StringComparer.Ordinal);

    private TimeSpan _regexTimeout;
    private int _patterns;
    private int _regexes;
    private int _regexSteps;
    private int _globLength;

    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out EventFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        filter = null;
        if (json.ValueKind != JsonValueKind.Object)
        {
            problem = "must be an object";
            return false;
        }

        var reading = new JsonReading(EventTolerance.Exact);
        EventFilter read = new FilterReader().Read(new JsonMembers(UnicodeText.Readable(json), "", reading));
        problem = reading.Problem;
        if (problem is null) filter = read;
        return filter is not null;
    }

    private EventFilter Read(JsonMembers members)
    {
        double timeout = members.Has("regexTimeoutMs") ? members.Number("regexTimeoutMs", minimum: 1) : FilterLimits.DefaultRegexTimeoutMs;
        _regexTimeout = TimeSpan.FromMilliseconds(Math.Clamp(timeout, 1, FilterLimits.MaxRegexTimeoutMs));
        bool isShort = !members.Has("rules")
            && (members.Has("types") || members.Has("blockedTypes") || members.Has("typeFilter") || members.Has("contentFilter"));
        List<FilterClause> clauses = isShort ? ReadShort(members) : [ReadRules(members)];
        return new EventFilter(clauses, members.Has("alwaysAllow") ? Types(members, "alwaysAllow") : isShort ? s_alwaysOfShortForms : s_always);
    }

    private List<FilterClause> ReadShort(JsonMembers members)
    {
        var clauses = new List<FilterClause>();
        if (members.Has("types")) clauses.Add(new FilterClause(FilterMode.Include, [new FilterRule(Types(members, "types"))]));
        if (members.Has("blockedTypes")) clauses.Add(new FilterClause(FilterMode.Exclude, [new FilterRule(Types(members, "blockedTypes"))]));
        if (members.OptionalMembers("typeFilter") is { } types)
            clauses.Add(new FilterClause(Mode(types, FilterMode.Include), [new FilterRule(Types(types, "types"))]));
        if (members.OptionalMembers("contentFilter") is { } content)
            clauses.Add(new FilterClause(Mode(content, FilterMode.Include), [ReadContent(content, types: null)]));
        return clauses;
    }

    private FilterClause ReadRules(JsonMembers members)
    {
        var rules = new List<FilterRule>();
        IReadOnlyList<JsonMembers>? read = members.OptionalObjects("rules", FilterLimits.Rules);
        if (read is null) members.Refuse("rules", "must be an array");
        foreach (JsonMembers rule in read ?? []) rules.Add(ReadRule(rule));
        return new FilterClause(Mode(members, FilterMode.Exclude), rules);
    }

    private FilterRule ReadRule(JsonMembers rule)
    {
        JsonMembers? types = rule.OptionalMembers("types") ?? rule.OptionalMembers("typeFilter");
        JsonMembers? content = rule.OptionalMembers("content") ?? rule.OptionalMembers("contentFilter");
        FrozenSet<string>? names = types is { } listed ? Types(listed, "types") : null;
        return content is { } conditions ? ReadContent(conditions, names) : new FilterRule(names);
    }

    private FilterRule ReadContent(JsonMembers content, FrozenSet<string>? types)
    {
        var patterns = new List<ContentPattern>();
        IReadOnlyList<JsonMembers>? read = content.OptionalObjects("patterns", FilterLimits.Patterns);
        if (read is null) content.Refuse("patterns", "must be an array");
        _patterns += read?.Count ?? 0;
        if (_patterns > FilterLimits.Patterns) content.Refuse("patterns", $"must not be more than {FilterLimits.Patterns} in all rules");
        else foreach (JsonMembers pattern in read ?? []) patterns.Add(ReadPattern(pattern));
        return new FilterRule(types, patterns, IsText(content, "match", "all") ? PatternMatch.All : PatternMatch.Any);
    }

    private ContentPattern ReadPattern(JsonMembers members)
    {
        string name = !members.Has("pattern") && members.Has("content") ? "content" : "pattern";
        string kind = members.Text("type").ToLowerInvariant(), pattern = members.Text(name), field = members.OptionalText("field") ?? "";
        PatternCasing casing =
            members.Find("caseInsensitive") is { ValueKind: JsonValueKind.True } ? PatternCasing.CaseInsensitive : PatternCasing.CaseSensitive;
        if (field.Length > FilterLimits.FieldLength) members.Refuse("field", $"must not be longer than {FilterLimits.FieldLength} characters");
        if (!IsAffordable(kind, pattern.Length, out string? problem)) members.Refuse(name, problem);
        else if (kind is "exact") return new ExactPattern(pattern, field, casing);
        else if (kind is "prefix") return new PrefixPattern(pattern, field, casing);
        else if (kind is "glob") return new GlobPattern(pattern, field, casing, _regexTimeout);
        else if (kind is "regex") return ReadRegex(members, name, new RegexPattern(null, field, casing, _regexTimeout));
        return new NeverPattern();
    }

    private RegexPattern ReadRegex(JsonMembers members, string name, RegexPattern never)
    {
        RegularExpressionOptions options = never.Casing == PatternCasing.CaseInsensitive ? RegularExpressionOptions.IgnoreCase : RegularExpressionOptions.None;
        RegularExpression? expression = RegularExpression.Compile(members.Text(name), options, FilterLimits.RegexSteps - _regexSteps, out bool isTooLarge);
        if (isTooLarge) members.Refuse(name, $"is too large: all regular expressions together may have {FilterLimits.RegexSteps} steps, " +
            "a counted repetition has its steps as often as its count, and one may have 16 lookarounds");
        _regexSteps += expression?.Steps ?? 0;
        return never with { RegularExpression = expression };
    }

    private bool IsAffordable(string kind, int length, [NotNullWhen(false)] out string? problem)
    {
        int most = kind == "regex" ? FilterLimits.RegexLength : FilterLimits.PatternLength;
        problem = length > most ? $"must not be longer than {most} characters" : null;
        if (problem is null && kind == "regex" && ++_regexes > FilterLimits.Regexes)
            problem = $"there must not be more than {FilterLimits.Regexes} regular expressions";
        if (problem is null && kind == "glob" && (_globLength += length) > FilterLimits.GlobLength)
            problem = $"globs must not have more than {FilterLimits.GlobLength} characters together";
        return problem is null;
    }

    private static FrozenSet<string> Types(JsonMembers members, string name)
    {
        IReadOnlyList<string> types = members.Texts(name, FilterLimits.Types);
        return types.ToFrozenSet(StringComparer.Ordinal);
    }

    private static FilterMode Mode(JsonMembers members, FilterMode withoutOne)
    {
        if (!members.Has("mode")) return withoutOne;
        // As in the JavaScript product, an unknown mode excludes the matches.
        return IsText(members, "mode", "include") ? FilterMode.Include : FilterMode.Exclude;
    }

    private static bool IsText(JsonMembers members, string name, string text) =>
        members.Find(name) is { ValueKind: JsonValueKind.String } value && string.Equals(value.GetString(), text, StringComparison.OrdinalIgnoreCase);
}
