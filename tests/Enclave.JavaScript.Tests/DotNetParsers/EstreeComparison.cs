using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Enclave.JavaScript.Tests.DotNetParsers;

/// <summary>Compares our tree's JSON with the objects of another parser, by the names of ESTree. Uses a list instead of recursion.</summary>
internal sealed class EstreeComparison
{
    // The first node with an enum's value teaches its text; all others must agree.
    private static readonly ConcurrentDictionary<(string Type, Enum Value), string> s_texts = new();
    private static readonly ConcurrentDictionary<(Type, string), Func<object, object?>?> s_members = new();
    private readonly Stack<(JsonElement Ours, object? Theirs, string Path)> _left = new();
    private string? _difference;

    /// <summary>ESTree's name of the first member that differs, such as <c>CallExpression.callee</c>, or null.</summary>
    public static string? Difference(string ours, object theirs)
    {
        using var document = JsonDocument.Parse(ours, new JsonDocumentOptions { MaxDepth = int.MaxValue });
        var comparison = new EstreeComparison();
        comparison._left.Push((document.RootElement, theirs, ""));
        while (comparison._difference is null && comparison._left.TryPop(out (JsonElement Ours, object? Theirs, string Path) next))
            comparison.Compare(next.Ours, next.Theirs, next.Path);
        return comparison._difference;
    }

    private void Compare(JsonElement ours, object? theirs, string path)
    {
        switch (ours.ValueKind)
        {
            case JsonValueKind.Object when theirs is not null: CompareMembers(ours, theirs, path); break;
            case JsonValueKind.Array when theirs is IEnumerable list: CompareItems(ours, [.. list.Cast<object?>()], path); break;
            default: if (!IsSame(ours, theirs, path)) _difference = path; break;
        }
    }

    private void CompareItems(JsonElement ours, object?[] theirs, string path)
    {
        if (ours.GetArrayLength() != theirs.Length) _difference = path;
        int i = 0;
        foreach (JsonElement item in ours.EnumerateArray().Take(theirs.Length)) _left.Push((item, theirs[i++], path));
    }

    private void CompareMembers(JsonElement ours, object theirs, string path)
    {
        string type = ours.TryGetProperty("type", out JsonElement named) ? named.GetString()! : path;
        foreach (JsonProperty member in ours.EnumerateObject())
        {
            string at = $"{type}.{member.Name}";
            // The values of big integers and regular expressions are objects of each side's own.
            if (type == "Literal" && member.Name == "bigint") continue;
            if (type == "Literal" && member.Name == "value" && member.Value.ValueKind is JsonValueKind.Null or JsonValueKind.Object) continue;
            if ((Member(theirs, member.Name) ?? Member(theirs, Alias(member.Name))) is { } get) _left.Push((member.Value, get(theirs), at));
            else if (member.Name is "start" or "end") _left.Push((member.Value, Get(Get(theirs, "Range")!, member.Name), at));
            // A member that their nodes lack says nothing here, such as "generator" of an arrow function.
            else if (member.Value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null)) _difference = at;
        }
    }

    private static bool IsSame(JsonElement ours, object? theirs, string path) => ours.ValueKind switch
    {
        JsonValueKind.Null => theirs is null,
        JsonValueKind.True => theirs is true,
        JsonValueKind.False => theirs is false or null,
        JsonValueKind.Number => theirs is not null && Convert.ToDouble(theirs, CultureInfo.InvariantCulture) == ours.GetDouble(),
        JsonValueKind.String when theirs is Enum value => s_texts.GetOrAdd((path, value), ours.GetString()!) == ours.GetString(),
        JsonValueKind.String => theirs as string == Text(ours),
        _ => false,
    };

    // GetString refuses a lone surrogate, which JSON has as an escape.
    private static string Text(JsonElement ours)
    {
        try
        {
            return ours.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Regex.Unescape(ours.GetRawText()[1..^1]);
        }
    }

    private static string Alias(string name) => name switch { "directive" => "Value", "regex" => "RegExp", _ => name };

    private static object? Get(object of, string name) => Member(of, name)?.Invoke(of);

    private static Func<object, object?>? Member(object of, string name) => s_members.GetOrAdd((of.GetType(), name), static (key) =>
    {
        (Type type, string name) = key;
        MemberInfo[] named = type.GetMember(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        return named.MinBy((member) => Depth(type, member.DeclaringType!)) switch
        {
            PropertyInfo property => property.GetValue,
            FieldInfo field => field.GetValue,
            _ => null,
        };
    });

    private static int Depth(Type type, Type declaring) => type == declaring ? 0 : 1 + Depth(type.BaseType!, declaring);
}
