using Enclave.Tests;

namespace Enclave.Host.Tests;

/// <summary>Keys that mean something to the language cross the boundary as data, in both directions and with the level's checks.</summary>
public sealed class BoundaryKeyTests
{
    private const string Name = "const name = ['__pro', 'to__'].join('');";

    public static TheoryData<SecurityLevel> Levels => [.. Enum.GetValues<SecurityLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task An_entry_called_proto_is_a_property_and_no_prototype(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using EnclaveHost host = Open(level);

        string made = await Json(
            host, $"{Name} const made = Object.fromEntries([[name, {{ a: 1 }}], ['b', 2]]); return [made.a === undefined, Object.keys(made), made];");

        Assert.Equal("""[true,["__proto__","b"],{"__proto__":{"a":1},"b":2}]""", made);
    }

    // Rows of one shape are made by a function of their own.
    [Theory]
    [MemberData(nameof(Levels))]
    public async Task A_tools_answer_with_a_key_called_proto_is_a_property_and_no_prototype(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using EnclaveHost host = Open(level);

        string rows = await Json(host, "const rows = await callTool('rows', {}); return rows.map((row) => [row.admin === undefined, Object.keys(row)]);");
        string echoed = await Json(host, "return callTool('rows', {});");

        Assert.Equal($"[{string.Join(',', Enumerable.Repeat("""[true,["id","__proto__","constructor"]]""", 20))}]", rows);
        Assert.Equal($"[{string.Join(',', Enumerable.Range(0, 20).Select(Row))}]", echoed);
    }

    private static string Row(int id) => $$"""{"id":{{id}},"__proto__":{"admin":true},"constructor":{{id}}}""";

    private static async Task<string> Json(EnclaveHost host, string code)
    {
        ExecutionResult result = await Within.Deadline(host.RunAsync(code), "answer");
        Assert.True(result.Success, result.Error?.Message);
        return result.Value.ToJsonString();
    }

    private static EnclaveHost Open(SecurityLevel level) => new(new EnclaveOptions
    {
        SecurityLevel = level,
        Adapter = EnclaveAdapter.WorkerPool,
        WorkerPool = WorkerPoolPresets.Standard with { MinWorkers = 1, MaxWorkers = 1 },
        ToolHandler = (_, _, _) => new ValueTask<object?>(Enumerable.Range(0, 20).Select((id) => new Dictionary<string, object?>
        {
            ["id"] = id,
            ["__proto__"] = new Dictionary<string, object?> { ["admin"] = true },
            ["constructor"] = id,
        }).ToArray()),
    });
}
