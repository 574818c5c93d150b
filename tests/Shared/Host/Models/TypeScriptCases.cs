namespace Enclave.Host.Tests.Models;

/// <summary>JSON schemas, and their types in TypeScript.</summary>
internal static class TypeScriptCases
{
    public static TheoryData<string, string> Schemas { get; } = new()
    {
        { "true", "any" },
        { "{}", "any" },
        { """{"type":"string"}""", "string" },
        { """{"type":["integer","null"]}""", "number | null" },
        { """{"type":"boolean"}""", "boolean" },
        { """{"enum":["a","it's",null,1,true]}""", "'a' | 'it\\'s' | null | 1 | true" },
        { """{"const":"x"}""", "'x'" },
        { """{"type":"array","items":{"type":"string"}}""", "string[]" },
        { """{"type":"array","items":{"type":["string","null"]}}""", "(string | null)[]" },
        { """{"type":["array","null"],"items":{"enum":["a","b"]}}""", "('a' | 'b')[] | null" },
        { """{"type":"array","items":{"type":["object","null"],"properties":{"a":{"type":"number"}},"required":["a"],"additionalProperties":false}}""",
            "({ a: number } | null)[]" },
        { """{"type":"array"}""", "any[]" },
        { """{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"items":{"not":{}},"minItems":1}""", "[string, number?]" },
        { """{"type":"array","prefixItems":[{"type":["string","null"]}],"items":{"type":["string","number"]},"minItems":1}""",
            "[(string | null), ...(string | number)[]]" },
        { """{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}],"minItems":2,"maxItems":2}""", "[string, number]" },
        { """{"type":"array","prefixItems":[{"type":"string"}]}""", "[string?, ...any[]]" },
        { """{"type":"object","additionalProperties":{"type":"number"}}""", "Record<string, number>" },
        { """{"type":"object"}""", "Record<string, any>" },
        { """{"type":"object","additionalProperties":false}""", "Record<string, never>" },
        { """{"type":"object","properties":{"a":{"type":"number"},"b-c":{"type":"string"}},"required":["a"],"additionalProperties":false}""",
            "{ a: number; 'b-c'?: string }" },
        { """{"type":"object","properties":{"a":{"type":"number"}}}""", "{ a?: number; [key: string]: any }" },
        { """{"anyOf":[{"type":"string"},{"type":"number"}]}""", "string | number" },
        { """{"$ref":"#/nowhere"}""", "any" },
        { """{"type":"unheard of"}""", "any" },
    };
}
