using System.Reflection;
using System.Reflection.Emit;
using System.Text;
using System.Text.Json;
using Enclave.Protocol;
using Microsoft.Extensions.AI;

namespace Enclave.Extensions.AI.Tests;

/// <summary>Functions of any signature: what a script gives arrives, and what they give comes back.</summary>
public sealed class GeneratedSignatureTests
{
    private static readonly (Type Type, string Script, string Json)[] s_values =
    [
        (typeof(int), "41", "41"), (typeof(long), "9007199254740993n", "9007199254740993"), (typeof(double), "0.5", "0.5"), (typeof(decimal), "12.25", "12.25"),
            (typeof(bool), "true", "true"),
        (typeof(string), "'a\\u2028\\'\"b'", "\"a\u2028'\\\"b\""),
            (typeof(Guid), "'6f9619ff-8b86-d011-b42d-00cf4fc964ff'", "\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\""),
        (typeof(DateTimeOffset), "new Date(0)", "\"1970-01-01T00:00:00+00:00\""), (typeof(Uri), "'https://example.com/a'", "\"https://example.com/a\""),
            (typeof(int?), "null", "null"), (typeof(byte), "255", "255"),
        (typeof(int[]), "[1, 2]", "[1,2]"), (typeof(List<string>), "['x', '']", "[\"x\",\"\"]"),
            (typeof(Dictionary<string, int>), "{ a: 1, 'b c': 2 }", "{\"a\":1,\"b c\":2}"), (typeof(DayOfWeek), "'Friday'", "\"Friday\""),
        (typeof(Place), "{ name: 'Bern', at: { north: 46.9, east: 7.4 }, tags: ['a'] }",
            "{\"name\":\"Bern\",\"at\":{\"north\":46.9,\"east\":7.4},\"tags\":[\"a\"]}"),
        (typeof(JsonElement), "{ any: [1, null] }", "{\"any\":[1,null]}"),
            (typeof(Tree), "{ id: 1, next: { id: 2, next: null } }", "{\"id\":1,\"next\":{\"id\":2}}"),
    ];

    /// <summary>500 signatures of one to four parameters and a result, drawn with a fixed seed: all of them in one host.</summary>
    [Fact]
    public async Task Arguments_and_results_of_500_signatures_round_trip()
    {
        var random = new Random(23);
        var signatures = new List<((Type Type, string Script, string Json)[] Drawn, int Returned)>();
        var script = new StringBuilder("const out = [];\n");
        var expected = new List<string>();
        for (int i = 0; i < 500; i++)
        {
            (Type Type, string Script, string Json)[] drawn = [.. Enumerable.Range(0, random.Next(1, 5)).Select((_) => s_values[random.Next(s_values.Length)])];
            int returned = random.Next(drawn.Length);
            signatures.Add((drawn, returned));
            script.Append($"out.push(await callTool('f{i}', {{ {string.Join(", ", drawn.Select((value, at) => $"p{at}: {value.Script}"))} }}));\n");
            expected.Add(drawn[returned].Json);
        }

        var options = new EnclaveOptions { MaxToolCalls = 1000 };
        options.Tools.AddAIFunctions(Compile(signatures).Select((method, i) => AIFunctionFactory.Create(method, target: null, $"f{i}", $"Function {i}.")));
        await using var enclave = new EnclaveHost(options);

        ExecutionResult result = await enclave.RunAsync($"{script}return out");

        Assert.True(result.Success, result.Error?.Message);
        for (int i = 0; i < expected.Count; i++) Assert.Equal(Normal(expected[i]), Normal(Exact(result.Value[i])));
        string text = enclave.DescribeForModel();
        Assert.All(Enumerable.Range(0, 500), (i) => Assert.Contains($"callTool(name: 'f{i}', args: ", text, StringComparison.Ordinal));
    }

    /// <summary>Static methods of these parameters, each of which gives one of them back.</summary>
    private static MethodInfo[] Compile(List<((Type Type, string Script, string Json)[] Drawn, int Returned)> signatures)
    {
        ModuleBuilder module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Signatures"), AssemblyBuilderAccess.Run).DefineDynamicModule(
            "Signatures");
        TypeBuilder type = module.DefineType("Functions", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        for (int i = 0; i < signatures.Count; i++)
        {
            (var drawn, int returned) = signatures[i];
            MethodBuilder method = type.DefineMethod($"F{i}", MethodAttributes.Public | MethodAttributes.Static, drawn[returned].Type,
                [.. drawn.Select((value) => value.Type)]);
            for (int at = 0; at < drawn.Length; at++) method.DefineParameter(at + 1, ParameterAttributes.None, $"p{at}");
            ILGenerator code = method.GetILGenerator();
            code.Emit(OpCodes.Ldarg, (short)returned);
            code.Emit(OpCodes.Ret);
        }

        Type made = type.CreateType();
        return [.. Enumerable.Range(0, signatures.Count).Select((i) => made.GetMethod($"F{i}")!)];
    }

    private static string Normal(string json) => JsonSerializer.Serialize(JsonElement.Parse(json));

    /// <summary>A BigInt has its digits, not a text of them.</summary>
    private static string Exact(ScriptValue value) => value.Kind == ScriptValueKind.BigInt
        ? value.AsBigInteger().ToString(System.Globalization.CultureInfo.InvariantCulture) : value.ToJsonString();

    public sealed record Point(double North, double East);

    public sealed record Place(string Name, Point At, string[] Tags);

    public sealed record Tree(int Id, Tree? Next);
}
