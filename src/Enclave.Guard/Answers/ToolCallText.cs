using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Enclave.Guard.Answers;

/// <summary>Answers that are a tool call in the notation of an agent framework: JSON, XML or YAML. They run nothing, so the answer names the script.</summary>
internal static partial class ToolCallText
{
    private const int MaxLength = 100_000, MaxDepth = 16, ShownCalls = 3, ShownCharacters = 240;

    private static readonly string[] s_names = ["name", "tool", "tool_name", "toolName", "function", "action", "recipient_name"];

    private static readonly string[] s_arguments = ["arguments", "args", "input", "parameters", "params", "tool_input", "action_input"];

    /// <summary>The refusal of a text that is a tool call; null for other texts.</summary>
    public static string? Refusal(string text)
    {
        if (text.Length > MaxLength) return null;
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        if (start is ['{' or '[', ..]) return OfJson(text);
        if (start is ['<', ..]) return OfTags(text);
        return Yaml().Match(text) is { Success: true } yaml ? OfYaml(yaml) : null;
    }

    /// <summary>The text of the parameter <c>code</c> of an XML call; null if there is none.</summary>
    public static string? CodeOf(string text)
    {
        if (text.Length > MaxLength || text.AsSpan().TrimStart() is not ['<', ..] || !Invoke().IsMatch(text)) return null;
        foreach (Match parameter in Parameter().Matches(text))
        {
            if (parameter.Groups["name"].Value is "code" or "script" or "javascript") return parameter.Groups["value"].Value;
        }

        return null;
    }

    private static string? OfJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowTrailingCommas = true });
            List<string> calls = [];
            Collect(document.RootElement, calls);
            return calls.Count == 0 ? null : Write(calls, "JSON");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Collect(JsonElement value, List<string> calls)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                int before = calls.Count;
                Collect(item, calls);
                // A list of other things is data.
                if (calls.Count == before) calls.Clear();
                if (calls.Count is 0 or > ShownCalls) return;
            }

            return;
        }

        if (value.ValueKind != JsonValueKind.Object) return;
        foreach (string list in (string[])["tool_calls", "calls", "tool_uses"])
        {
            if (value.TryGetProperty(list, out JsonElement inner) && inner.ValueKind == JsonValueKind.Array) Collect(inner, calls);
        }

        // { "function": { "name": …, "arguments": … } }.
        if (value.TryGetProperty("function", out JsonElement function) && function.ValueKind == JsonValueKind.Object) Collect(function, calls);
        if (NameIn(value) is not { } name) return;
        foreach (string key in s_arguments)
        {
            if (!value.TryGetProperty(key, out JsonElement arguments)) continue;
            calls.Add(Call(name, arguments.ValueKind == JsonValueKind.String ? Inner(arguments.GetString()!) : Literal(arguments)));
            return;
        }
    }

    private static string? NameIn(JsonElement value)
    {
        foreach (string key in s_names)
        {
            if (value.TryGetProperty(key, out JsonElement name) && name.ValueKind == JsonValueKind.String && ToolName().IsMatch(name.GetString()!))
                return name.GetString();
        }

        return null;
    }

    /// <summary>Arguments that are JSON in a string.</summary>
    private static string Inner(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return Literal(document.RootElement);
        }
        catch (JsonException)
        {
            return "{ … }";
        }
    }

    private static string? OfTags(string text)
    {
        if (Invoke().Match(text) is not { Success: true } invoke) return null;
        IEnumerable<string> members = Parameter().Matches(text).Select((match) => $"{Key(match.Groups["name"].Value)}: {Scalar(match.Groups["value"].Value)}");
        return Write([Call(invoke.Groups["name"].Value, Members(members))], "XML");
    }

    private static string OfYaml(Match yaml)
    {
        IEnumerable<string> members = YamlMember().Matches(yaml.Groups["rest"].Value)
            .Select((match) => $"{Key(match.Groups["name"].Value)}: {Scalar(match.Groups["value"].Value)}");
        return Write([Call(yaml.Groups["name"].Value, Members(members))], "YAML");
    }

    private static string Write(List<string> calls, string notation)
    {
        string shown = calls.Count == 1 ? $"return await {calls[0]};"
            : $"return await Promise.all([{string.Join(", ", calls.Take(ShownCalls))}{(calls.Count > ShownCalls ? ", …" : "")}]);";
        return $"This is {(calls.Count == 1 ? "a tool call" : "a list of tool calls")} as {notation}, not a script; no tool was called. Write `{shown}`.";
    }

    private static string Call(string name, string arguments) =>
        $"callTool('{name}', {(arguments.Length > ShownCharacters ? "{ … }" : arguments)})";

    private static string Members(IEnumerable<string> members)
    {
        string text = string.Join(", ", members);
        return text.Length == 0 ? "{}" : $"{{ {text} }}";
    }

    private static string Literal(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Members(value.EnumerateObject().Select((member) => $"{Key(member.Name)}: {Literal(member.Value)}")),
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Literal))}]",
        JsonValueKind.String => Quoted(value.GetString()!),
        _ => value.GetRawText(),
    };

    /// <summary>A value that the notation does not quote: a number, a truth value, or text.</summary>
    private static string Scalar(string text)
    {
        string value = text.Trim().Trim('"', '\'');
        bool isPlain = value is "true" or "false" or "null" || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return isPlain ? value : Quoted(value);
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('\'');
        foreach (char c in text)
        {
            if (c is '\'' or '\\') quoted.Append('\\').Append(c);
            else quoted.Append(c switch { '\n' => "\\n", _ when char.IsControl(c) => " ", _ => c.ToString() });
        }

        return quoted.Append('\'').ToString();
    }

    private static string Key(string name) => IdentifierName().IsMatch(name) ? name : Quoted(name);

    [GeneratedRegex(@"\A[\w:.\-/]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ToolName();

    [GeneratedRegex(@"\A[A-Za-z_$][\w$]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdentifierName();

    [GeneratedRegex(
        @"\A\s*(?:<[\w:]{1,40}>\s*){0,2}<(?:[\w]{1,20}:)?(?:invoke|function|tool|tool_call|function_call)" +
        @"(?:\s+name=[""']|=[""']?)(?<name>[\w:.\-/]{1,128})",
        RegexOptions.CultureInvariant)]
    private static partial Regex Invoke();

    [GeneratedRegex(
        @"<(?:[\w]{1,20}:)?(?:parameter|param|arg)(?:\s+name=[""']|=[""']?)(?<name>\w{1,64})[""']?\s*>(?<value>[^<]*)", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex(
        @"\A\s*(?:-\s*)?(?:tool|name|function|tool_name|action)[ ]?:[ ]*[""']?(?<name>[\w:.\-/]{1,128})[""']?[ ]*\r?\n\s*" +
        @"(?:args|arguments|input|parameters|params)[ ]?:(?<rest>(?:[^\n;(){}]*\n?)*)\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"^\s+(?<name>[\w]{1,64}):[ ]*(?<value>[^\r\n]+)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex YamlMember();
}
