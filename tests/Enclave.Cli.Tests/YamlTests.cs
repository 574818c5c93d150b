using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Cli.Serve.Yaml;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary>YAML documents of services, converted to JSON.</summary>
public sealed class YamlTests
{
    private const long Most = 8 << 20;

    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("# a remark\n---\na: [1, 'two', {three: 3}]\n...\n", """{"a":[1,"two",{"three":3}]}""")]
    [InlineData("a:\n- b\n- c: d\n  e: f", """{"a":["b",{"c":"d","e":"f"}]}""")]
    [InlineData("a: |\n  one\n  two\nb: >-\n  one\n  two", """{"a":"one\ntwo\n","b":"one two"}""")]
    [InlineData("200: ok\ntrue: x\nnull: y", """{"200":"ok","true":"x","null":"y"}""")]
    [InlineData("openapi: 3.1.0\nv: '3.0'\nw: 3.0", """{"openapi":"3.1.0","v":"3.0","w":3.0}""")]
    [InlineData("a: yes\nb: no\nc: on\nd: NO\ne: True\nf: false", """{"a":"yes","b":"no","c":"on","d":"NO","e":true,"f":false}""")]
    [InlineData("a:\nb: ~\nc: null\nd: ''", """{"a":null,"b":null,"c":null,"d":""}""")]
    [InlineData("a: +5\nb: -0.50\nc: 007\nd: 0x1F\ne: 0o17\nf: 1e3\ng: .5\nh: 5.\ni: .inf\nj: .nan\nk: 1_000\nl: 12:30",
        """{"a":5,"b":-0.50,"c":7,"d":31,"e":15,"f":1e3,"g":0.5,"h":5,"i":".inf","j":".nan","k":"1_000","l":"12:30"}""")]
    [InlineData("a: 2026-11-22\nb: 2026-11-22T10:00:00Z", """{"a":"2026-11-22","b":"2026-11-22T10:00:00Z"}""")]
    [InlineData("a: !!str 5\nb: ! 5\nc: !!int 5", """{"a":"5","b":"5","c":5}""")]
    [InlineData("a: &x {b: 1}\nc: *x\nd: [*x, *x]", """{"a":{"b":1},"c":{"b":1},"d":[{"b":1},{"b":1}]}""")]
    [InlineData("- &x [1, 2]\n- *x\n- &y text\n- *y", """[[1,2],[1,2],"text","text"]""")]
    [InlineData("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3, e: 4}", """{"a":{"b":1,"c":2},"d":{"c":3,"e":4,"b":1}}""")]
    [InlineData("a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne: {<<: [*x, *y]}", """{"a":{"b":1},"c":{"b":2,"d":3},"e":{"b":1,"d":3}}""")]
    [InlineData("a: {'<<': 1}", """{"a":{"<<":1}}""")]
    [InlineData("a: \"\\u0041\\n\"", """{"a":"A\n"}""")]
    [InlineData("a: é", """{"a":"é"}""")]
    public void It_is_read_as_people_mean_it(string yaml, string json) => Assert.Equal(json, Json(yaml));

    [Theory]
    [InlineData("{ \"a\": 1 }")]
    [InlineData(" \n[1")]
    [InlineData("")]
    public void Json_is_left_as_it_is(string json) => Assert.Equal(json, Encoding.UTF8.GetString(YamlDocument.ToJson(Encoding.UTF8.GetBytes(json), Most).Span));

    [Theory]
    [InlineData("a: [1", "not valid YAML")]
    [InlineData("a: b: c", "not valid YAML")]
    [InlineData("a: *nobody", "*nobody refers to nothing that is complete before it")]
    [InlineData("a: &x [*x]", "*x refers to nothing that is complete before it")]
    [InlineData("a: 1\na: 2", "the key a is repeated")]
    [InlineData("[a]: 1\n? {b: 1}\n: 2", "a key is not text")]
    [InlineData("? [a]\n: 1", "a key is not text")]
    [InlineData("a: 1\n---\nb: 2", "a second document")]
    [InlineData("a: {<<: 1}", "<< takes an alias")]
    [InlineData("a: &x [1]\nb: {<<: *x}", "<< takes an alias of a mapping")]
    [InlineData("a: \tb\n\tc: d", "YAML")]
    public void YAML_that_cannot_be_JSON_is_refused_with_its_line(string yaml, string words)
    {
        if (yaml[0] == '[') yaml = "x: 1\n" + yaml[(yaml.IndexOf('\n') + 1)..];

        OpenApiException fault = Assert.Throws<OpenApiException>(() => Json(yaml));

        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Contains("line ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused() =>
        Assert.Contains("not valid UTF-8",
            Assert.Throws<OpenApiException>(() => YamlDocument.ToJson(new byte[] { (byte)'a', 0xFF, 0xFE }, Most)).Message, StringComparison.Ordinal);

    /// <summary>Documents that would be enormous when expanded, or that take long to read.</summary>
    [Theory]
    [InlineData("laughs")]
    [InlineData("merges")]
    [InlineData("merge lists")]
    [InlineData("deep block")]
    [InlineData("deep flow")]
    [InlineData("open flow")]
    [InlineData("anchors")]
    [InlineData("long keys")]
    [InlineData("question marks")]
    [InlineData("scalar")]
    [InlineData("number")]
    [InlineData("many keys")]
    [InlineData("indents")]
    public void A_document_takes_no_more_than_its_size(string kind)
    {
        const int Size = 400_000;
        string yaml = kind switch
        {
            "laughs" => "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + string.Concat(
                Enumerable.Range(1, 30).Select((n) => $"a{n}: &a{n} [{string.Join(", ", Enumerable.Repeat($"*a{n - 1}", 10))}]\n")),
            "merges" => "a0: &a0 {k: v}\n" + string.Concat(Enumerable.Range(1, 3_000).Select((n) => $"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: v}}\n")),
            "merge lists" => $"a: &a {{{string.Join(", ", Enumerable.Range(0, 10_000).Select((n) => $"k{n}: v"))}}}\nb: {{<<: " +
            $"[{string.Join(", ", Enumerable.Repeat("*a", 50_000))}]}}\n",
            "deep block" => string.Concat(Enumerable.Range(0, 800).Select((n) => $"{new string(' ', n)}a:\n")) + new string(' ', 800) + "b",
            "deep flow" => $"a: {new string('[', Size)}{new string(']', Size)}",
            "open flow" => $"a: {new string('[', Size)}",
            "anchors" => string.Concat(Enumerable.Range(0, 20_000).Select((n) => $"k{n}: &anchor{n} v\n")),
            "long keys" => string.Concat(Enumerable.Range(0, 4_000).Select((n) => $"{new string('k', 90)}{n}: v\n")),
            "question marks" => string.Concat(Enumerable.Repeat("? ", Size / 2)),
            "scalar" => $"a: {new string('x', Size)}",
            "number" => $"a: {new string('9', Size)}",
            "many keys" => string.Concat(Enumerable.Range(0, 50_000).Select((n) => $"k{n}: v\n")),
            _ => string.Concat(Enumerable.Repeat("- ", Size / 2)),
        };
        long before = GC.GetAllocatedBytesForCurrentThread(), began = Stopwatch.GetTimestamp();

        string end = End(yaml, 1 << 20);

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        TimeSpan took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.SendDiagnosticMessage($"{kind}: {yaml.Length} characters, {end}, {took.TotalMilliseconds:0} ms, {allocated >> 10} KB");
        Assert.Equal(kind is "long keys" or "scalar" or "number" or "many keys" ? "read" : "refused", end);
        Assert.True(allocated < 200L << 20, $"{allocated >> 20} MB");
        Assert.True(took < TimeSpan.FromSeconds(20), $"{took}");
    }

    [Fact]
    public void A_document_of_any_service_reads_the_same_in_both_forms()
    {
        string folder = Path.Combine(CliProcess.Root, "artifacts", "npm", "openapi-interop", "node_modules", "@readme", "oas-examples");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there: ./test.sh installs it");
        string[] files = [.. Directory.EnumerateFiles(folder, "*.yaml", SearchOption.AllDirectories)
            .Where((file) => file.Contains("/3.", StringComparison.Ordinal) && File.Exists(Twin(file))).Order(StringComparer.Ordinal)];
        Assert.True(files.Length > 20, $"{files.Length} documents");
        // In these documents the two forms differ: folded texts, and methods that were changed in only one of them.
        string[] other = [.. files.Where((file) => !JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(Twin(file))),
            JsonNode.Parse(YamlDocument.ToJson(File.ReadAllBytes(file), Most).Span))).Select(Path.GetFileNameWithoutExtension)!];
        Assert.Equal(["petstore-expanded", "uspto", "parameters-style", "train-travel"], other);

        static string Twin(string file) => Path.ChangeExtension(file.Replace("/yaml/", "/json/", StringComparison.Ordinal), "json");
    }

    private static string End(string yaml, long most)
    {
        try
        {
            _ = YamlDocument.ToJson(Encoding.UTF8.GetBytes(yaml), most);
            return "read";
        }
        catch (OpenApiException)
        {
            return "refused";
        }
    }

    private static string Json(string yaml)
    {
        string json = Encoding.UTF8.GetString(YamlDocument.ToJson(Encoding.UTF8.GetBytes(yaml), Most).Span);
        JsonDocument.Parse(json).Dispose();
        return json;
    }
}
