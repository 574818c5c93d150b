using System.Text.Json.Nodes;
using Enclave.Models;
using Enclave.Tests;
using Enclave.Tools;

namespace Enclave.Host.Tests.Models;

/// <summary>Declarations for models, judged by typescript's compiler.</summary>
public sealed class TypeScriptCompilerTests
{
    [Fact]
    public async Task The_compiler_takes_each_of_them()
    {
        string[][] wrong = await TypeScriptCompiler.Check([.. TypeScriptCases.Schemas.Select((row) => ($"type X = {row.Data.Item2};", "return 1"))]);

        Assert.All(wrong, Assert.Empty);
    }

    /// <summary>The compiler accepts the exporter's output for the framework's own types.</summary>
    [Fact]
    public async Task Schemas_of_common_types_stand()
    {
        Type[] types =
        [
            typeof(string), typeof(int?), typeof(decimal), typeof(bool), typeof(object), typeof(byte[]), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid),
            typeof(Uri), typeof(char),
            typeof(DayOfWeek), typeof(DayOfWeek?[]), typeof(List<List<int?>?>), typeof(Dictionary<string, List<DayOfWeek>>),
            typeof(System.Text.Json.JsonElement), typeof(JsonNode),
            typeof(Version), typeof(KeyValuePair<string, int>), typeof(Linked), typeof(List<Linked?>), typeof(Dictionary<string, Linked>),
            typeof((int, string)),
        ];
        (string, string)[] programs =
            [.. types.SelectMany((type) => (ValueDirection[])[ValueDirection.FromScript, ValueDirection.FromTool], (type, direction) =>
        {
            var text = new TypeScriptTypes(ToolSchema.Of(type), "T", direction, new TypeScriptScope());
            string whole = text.Whole(0);
            return ($"{string.Join('\n', text.Named())}\ndeclare const x: {whole};", "return x");
        })];

        string[][] wrong = await TypeScriptCompiler.Check(programs);

        for (int i = 0; i < programs.Length; i++) Assert.True(wrong[i].Length == 0, $"{programs[i].Item1}: {string.Join("; ", wrong[i])}");
    }

    internal sealed record Linked(string Name, Linked? Next, Dictionary<string, Linked[]> Others);
}
