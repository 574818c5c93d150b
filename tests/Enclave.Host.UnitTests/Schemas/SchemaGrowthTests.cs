using System.Globalization;
using System.Text.Json;
using Enclave.JavaScript.Text;
using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Schemas;

/// <summary>The work that growing arguments cost the host, with schemas and values as the worst case for the check.</summary>
public sealed class SchemaGrowthTests(ITestOutputHelper output)
{
    private const int Ratio = 16, Short = 2_000;

    // As in the growth tests of the guard.
    private const double Steepest = 1.15;

    private static readonly string s_choices = string.Join(',', Enumerable.Range(0, 250).Select((i) => $"\"choice{i}\""));

    private static readonly string s_forms = Times(19, (i) => $$"""{ "enum": [{{s_choices.Replace("choice", $"c{i}_", StringComparison.Ordinal)}}] }""");

    private static readonly (string Name, string Schema, Func<int, object> Value)[] s_shapes =
    [
        ("texts against 250 choices", $$"""{ "items": { "enum": [{{s_choices}}] } }""", (n) => Repeat(n, "choice249")),
        ("texts against 250 choices in 20 forms", $$"""{ "items": { "anyOf": [{{s_forms}}, { "enum": [{{s_choices}}] }] } }""", (n) => Repeat(n, "choice249")),
        ("one text against 250 choices", $$"""{ "anyOf": [{ "enum": [{{s_choices}}] }, { "type": "string" }] }""", (n) => new string('x', 10 * n)),
        ("lists of two forms, in both ways again", """
            { "$ref": "#/$defs/n", "$defs": { "n": { "anyOf": [{ "items": { "$ref": "#/$defs/n" }, "maxItems": 0 },
              { "items": { "$ref": "#/$defs/n" }, "type": ["array", "integer"] }] } } }
            """, Nested),
        ("a list through 20 references", Chain(20), (n) => Repeat(n, 1)),
        ("numbers that must differ", """{ "uniqueItems": true }""", (n) => Enumerable.Range(0, n).ToArray()),
        ("objects that must differ", """{ "uniqueItems": true }""",
            (n) => Enumerable.Range(0, n).Select((i) => new Dictionary<string, object> { ["a"] = i, ["b"] = "x" }).ToArray()),
        ("members by patterns", """{ "patternProperties": { "^a+$": { "type": "integer" }, "(x+x+)+y": { "type": "string" } } }""", Members),
        ("members of no name", """
            { "properties": { "a": {}, "b": {} }, "additionalProperties": { "type": "integer" }, "propertyNames": { "minLength": 1 } }
            """, Members),
        ("a text against a pattern with many ways", """{ "pattern": "^(x+x+)+y$" }""", (n) => new string('x', n)),
        ("items of which one must fit", """{ "contains": { "const": 2 } }""", (n) => Repeat(n, 1).Append(2).ToArray()),
        ("numbers with steps", """{ "items": { "multipleOf": 0.01, "minimum": 0 } }""", (n) => Repeat(n, 19.99)),
    ];

    [Fact]
    public void No_shape_costs_more_than_in_proportion_to_its_arguments()
    {
        var steep = new List<string>();
        foreach ((string name, string schema, Func<int, object> value) in s_shapes)
        {
            using JsonDocument read = JsonDocument.Parse(schema);
            HeldSchema held = HeldSchema.Of(read.RootElement, out string why) ?? throw new InvalidOperationException(why);
            (ScriptValue few, ScriptValue many) = (ScriptValue.From(value(Short)), ScriptValue.From(value(Short * Ratio)));
            // Steps are counted, so a busy machine shows nothing. Work between two steps is bounded by the schema; the time shows it.
            double steps = Power(Math.Max(1, held.Looks(few)), Math.Max(1, held.Looks(many)));
            (TimeSpan shortest, TimeSpan longest) = (Cpu(held, few), Cpu(held, many));
            // Tests beside this one take caches away. Each length has its own best, so that a slow run of the short one makes no shape look flat.
            for (int again = 0; again < 5 && TestSize.Full && Power(shortest, longest) > Steepest; again++)
                (shortest, longest) = (Least(shortest, Cpu(held, few)), Least(longest, Cpu(held, many)));
            double time = Power(shortest, longest);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"steps {steps:0.00}, time {time:0.00}, {longest.TotalMilliseconds:0.0} ms for {Short * Ratio}: {name}"));
            if (steps > Steepest || (TestSize.Full && time > Steepest)) steep.Add($"{name}: steps {steps:0.00}, time {time:0.00}");
        }

        Assert.True(steep.Count == 0, string.Join('\n', steep));
    }

    private static double Power(TimeSpan few, TimeSpan many) =>
        Power(Math.Max(few.TotalMicroseconds, 2_000.0 / Ratio), Math.Max(many.TotalMicroseconds, 2_000));

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static double Power(double few, double many) => Math.Log(many / few) / Math.Log(Ratio);

    private static TimeSpan Cpu(HeldSchema held, ScriptValue value)
    {
        var best = TimeSpan.MaxValue;
        for (int round = 0; round < (TestSize.Full ? 9 : 2); round++)
        {
            TimeSpan start = ThreadCpuTime.Now();
            held.Fits(value);
            TimeSpan took = ThreadCpuTime.Now() - start;
            if (took < best) best = took;
        }

        return best;
    }

    private static object[] Repeat(int count, object value) => [.. Enumerable.Repeat(value, count)];

    /// <summary>Lists in lists, in pieces of 60 levels.</summary>
    private static object[] Nested(int count) => [.. Enumerable.Range(0, Math.Max(1, count / 60)).Select((i) => Deep(60))];

    private static object Deep(int levels)
    {
        object value = 1;
        for (int i = 0; i < levels; i++) value = new object[] { value };
        return value;
    }

    private static Dictionary<string, object> Members(int count) =>
        Enumerable.Range(0, count).ToDictionary((i) => $"xxxxxxxxxxxxxxxxxxxxxxxx{i}", (i) => (object)1);

    private static string Times(int count, Func<int, string> part) => string.Join(',', Enumerable.Range(0, count).Select(part));

    private static string Chain(int length) => $$"""
        { "items": { "$ref": "#/$defs/r0" }, "$defs": {
          {{Times(length, (i) => $$""" "r{{i}}": { "$ref": "#/$defs/r{{i + 1}}" } """)}}, "r{{length}}": { "const": 1 } } }
        """;
}
