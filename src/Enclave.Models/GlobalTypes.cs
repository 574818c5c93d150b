using Enclave.Protocol;

namespace Enclave.Models;

/// <summary>TypeScript types of a host's globals: their shapes, never their values.</summary>
internal static class GlobalTypes
{
    private const int MaxDepth = 4, MaxMembers = 40, LookedAt = 20;

    public static string Of(ScriptValue value, int depth = 0) => value.Kind switch
    {
        ScriptValueKind.Undefined => "undefined",
        ScriptValueKind.Null => "null",
        ScriptValueKind.Boolean => "boolean",
        ScriptValueKind.Number => "number",
        ScriptValueKind.BigInt => "bigint",
        ScriptValueKind.String => "string",
        ScriptValueKind.Date => "Date",
        ScriptValueKind.Bytes => "Uint8Array",
        ScriptValueKind.Array when depth < MaxDepth => Items(value, depth),
        ScriptValueKind.Object when depth < MaxDepth && value.Count <= MaxMembers => Members(value, depth),
        ScriptValueKind.Array => "any[]",
        _ => "Record<string, any>",
    };

    private static string Items(ScriptValue value, int depth)
    {
        string[] types = [.. value.Items.Take(LookedAt).Select((item) => Of(item, depth + 1)).Distinct(StringComparer.Ordinal)];
        return types switch
        {
            [] => "any[]",
            [var only] => $"{only}[]",
            _ when value.Count > LookedAt => "any[]",
            _ => $"({string.Join(" | ", types)})[]",
        };
    }

    private static string Members(ScriptValue value, int depth) => value.Count == 0
        ? "Record<string, never>"
        : $"{{ {string.Join("; ", value.Properties.Select((member) => $"{TypeScriptText.Member(member.Key)}: {Of(member.Value, depth + 1)}"))} }}";
}
