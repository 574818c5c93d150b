using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Enclave.Audit;
using Enclave.JavaScript.Text;
using Enclave.Models;
using Enclave.Protocol;
using Enclave.Protocol.Values;
using Enclave.Secrets;
using Enclave.Sidecar;
using Enclave.Telemetry;
using Enclave.Tools;

namespace Enclave.Host.Tests.Limits;

/// <summary>Work of the host for a script, outside of its worker.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prepare">Makes the work from something of about this many characters.</param>
internal sealed record HostShape(string Name, Func<int, Action> Prepare);

/// <summary>The host's work, in the shapes that scripts can give it.</summary>
internal static class HostShapes
{
    // One level less than values may have.
    private const int Depth = 90;

    private static readonly SecretMask s_mask = new(["secret-of-one", "secret-of-two", "pä$$-w0rd/with?odd&parts"]);

    public static IEnumerable<HostShape> Of(SecurityLevel level) =>
        [.. Hints(), .. Approvals(), .. Masks(), .. Audit(), .. Arguments(), .. Declarations(), .. Sidecar(level), .. Telemetry()];

    private static IEnumerable<HostShape> Hints()
    {
        var tools = new ToolCollection();
        for (int i = 0; i < 2_000; i++) tools.Add(string.Create(CultureInfo.InvariantCulture, $"service:read-item-{i}"), () => 1);
        ToolSuggestions suggestions = ToolSuggestions.Of(tools, null, null);
        yield return Names("hints for near names", "service:raed_item_¤");
        yield return Names("hints for names of many common parts", "service_read_item_¤:service:read:item:service");
        yield return Names("hints for one name", "service:raed");
        yield return Names("hints for long names", new string('a', 200) + "¤");

        HostShape Names(string name, string part) => new(name, (length) =>
        {
            string[] names = Repeated(part + "\n", length).Split('\n');
            var meter = new WorkMeter(TimeSpan.MaxValue, () => TimeSpan.Zero, CancellationToken.None);
            return () => Array.ForEach(names, (tool) => suggestions.For(tool, null, meter));
        });
    }

    private static IEnumerable<HostShape> Approvals() => Values("approval of", (value) => ShownArguments.Of(value));

    private static IEnumerable<HostShape> Audit() => Values("audit of", (value) =>
    {
        using var digest = new JsonDigest(1 << 10);
        JsonExport.WriteUtf8(digest, value);
    });

    private static IEnumerable<HostShape> Arguments()
    {
        var context = new ToolContext(null, null, "test", CancellationToken.None);
        return Values("arguments of", (value) =>
        {
            try
            {
                _ = ArgumentJson.ToUtf8(value, context);
            }
            catch (System.Text.Json.JsonException)
            {
                // A name without a JSON form.
            }
        });
    }

    private static IEnumerable<HostShape> Masks() =>
    [
        .. Values("mask of", (value) => _ = s_mask.Of(value)),
        new("mask of names that become equal", (length) => Work(
            Members(length / 16, (i) => $"secret-of-one {new string('-', i % 3)}{i:x}"), (value) => s_mask.Of(value))),
        new("mask of one name in many forms", (length) => Work(Members(length / 16, (i) => string.Concat(Enumerable.Range(0, 14).Select(
            (bit) => (i >> bit & 1) == 0 ? "secret-of-one" : "secret-of-two"))), (value) => s_mask.Of(value))),
        Text("mask of a text that almost is one", "secret-of-"),
        Text("mask of a text that is one", "secret-of-one"),
        Text("mask of percent signs", "%25"),
        Text("mask of backslashes", "\\\\u005c"),
        Text("mask of references", "&amp;#x26;"),
        Text("mask of hexadecimal", "7365637265742d6f662d"),
        Text("mask of base64", "c2VjcmV0LW9mLW"),
        Text("mask of lines", "secret-\r\nof-"),
    ];

    private static IEnumerable<HostShape> Declarations()
    {
        yield return Schema("declaration of properties", (i) => $"\"p{i}\":{{\"type\":\"string\"}}", """{"type":"object","properties":{""", "}}");
        yield return Schema("declaration of choices", (i) => $"{{\"const\":\"c{i}\"}}", """{"anyOf":[""", "]}");
        yield return Schema("declaration of an enum", (i) => $"\"e{i}\"", """{"enum":[""", "]}");
        yield return Schema("declaration of references", (i) => $"\"p{i}\":{{\"$ref\":\"#/properties/p{i / 2}\"}}",
            """{"type":"object","properties":{""", "}}");
        yield return Schema("declaration of one reference", (i) => $"\"p{i}\":{{\"$ref\":\"#/$defs/d\"}}",
            """{"$defs":{"d":{"type":"string"}},"type":"object","properties":{""", "}}");
        yield return Schema("declaration of texts", (i) => $"\"p{i}\":{{\"type\":\"string\",\"description\":\"a */ b \\u200b\"}}",
            """{"type":"object","properties":{""", "}}");

        static HostShape Schema(string name, Func<int, string> part, string open, string close) => new(name, (length) =>
        {
            var parts = new StringBuilder(open);
            for (int i = 0; parts.Length < length; i++) parts.Append(i == 0 ? "" : ",").Append(part(i));
            JsonNode schema = JsonNode.Parse(parts.Append(close).ToString())!;
            return () =>
            {
                var types = new TypeScriptTypes(schema, "tool", ValueDirection.FromScript, new TypeScriptScope());
                _ = types.Whole(0);
                foreach (string _ in types.Named())
                {
                }
            };
        });
    }

    private static IEnumerable<HostShape> Sidecar(SecurityLevel level)
    {
        SidecarLimits limits = SidecarLimits.For(new SidecarOptions(), level);
        return Values("references for", (value) =>
        {
            try
            {
                new ReferenceLift(new ReferenceTable(limits), limits, "tenant").Plan(value);
            }
            catch (ToolException)
            {
                // One of the limits of references.
            }
        });
    }

    private static IEnumerable<HostShape> Telemetry()
    {
        var telemetry = new HostTelemetry(SecurityLevel.Standard, new ToolCollection().Add("known", () => 1), null!);
        yield return new("tags of unknown tools", (length) =>
        {
            string[] names = [.. Enumerable.Range(0, length / 16).Select((i) => $"service:unknown-{i}")];
            return () =>
            {
                foreach (string name in names) _ = telemetry.TagOf(name, null);
            };
        });
        yield return new("the tag of a long name", (length) => Work(new string('a', length) + ":b", (name) => telemetry.TagOf(name, null)));
    }

    /// <summary>The shapes of values.</summary>
    private static IEnumerable<HostShape> Values(string what, Action<ScriptValue> work)
    {
        yield return Shape("a text", (length) => ScriptValue.OfString(Repeated("abc é ", length)));
        yield return Shape("an invisible text", (length) => ScriptValue.OfString(Repeated("\u3164\u200b  ", length)));
        yield return Shape("a broken text", (length) => ScriptValue.OfString(Repeated("\ud800", length)));
        yield return Shape("numbers", (length) => Numbers(length / 4));
        yield return Shape("long numbers", (length) =>
            ScriptValue.OfArray([.. Enumerable.Repeat(ScriptValue.From(System.Numerics.BigInteger.Pow(7, 700)), length / 600)]));
        yield return Shape("texts", (length) => ScriptValue.OfArray([.. Enumerable.Repeat(ScriptValue.OfString(new string('x', 200)), length / 200)]));
        yield return Shape("members", (length) => Members(length / 8, (i) => $"m{i}"));
        yield return Shape("members without values", (length) => ScriptValue.From(
            Enumerable.Range(0, length / 8).ToDictionary((i) => $"m{i}", (_) => ScriptValue.Undefined)));
        yield return Shape("a nested text", (length) => Nested(ScriptValue.OfString(new string('x', length)), "a"));
        yield return Shape("a nested list", (length) => Nested(Numbers(length / 4), "a"));
        yield return Shape("a text under broken names", (length) => Nested(ScriptValue.OfString(new string('x', length)), "\ud800"));
        yield return Shape("bytes", (length) => ScriptValue.OfBytes(new byte[length]));

        HostShape Shape(string name, Func<int, ScriptValue> value) => new($"{what} {name}", (length) => Work(value(length), work));
    }

    private static HostShape Text(string name, string part) => new(name, (length) => Work(Repeated(part, length), (text) => s_mask.Of(text)));

    private static Action Work<T>(T value, Action<T> work) => () => work(value);

    private static Action Work<T, TResult>(T value, Func<T, TResult> work) => () => work(value);

    private static ScriptValue Numbers(int count) => ScriptValue.OfArray([.. Enumerable.Range(0, count).Select((i) => ScriptValue.OfInteger(i))]);

    private static ScriptValue Members(int count, Func<int, string> name) =>
        ScriptValue.From(Enumerable.Range(0, count).Select(name).Distinct(StringComparer.Ordinal).ToDictionary((key) => key, (_) => ScriptValue.OfInteger(1)));

    private static ScriptValue Nested(ScriptValue inner, string name)
    {
        for (int depth = 0; depth < Depth; depth++) inner = ScriptValue.From(new Dictionary<string, ScriptValue> { [name] = inner });
        return inner;
    }

    private static string Repeated(string part, int length)
    {
        var text = new StringBuilder(length + part.Length);
        for (int i = 0; text.Length < length; i++) text.Append(part.Replace("¤", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        return text.ToString();
    }
}
