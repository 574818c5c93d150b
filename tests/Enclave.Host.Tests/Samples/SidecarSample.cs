using Enclave.Protocol;

namespace Enclave.Host.Tests;

/// <summary>The sample of docs/sidecar.md.</summary>
public sealed class SidecarSample
{
    [Fact]
    public async Task Large_results_stay_in_the_host()
    {
        // sample
        await using var enclave = new EnclaveHost(new EnclaveOptions
        {
            Sidecar = new SidecarOptions { Enabled = true, Threshold = 64 * 1024, ReturnedReferences = ReturnedReferences.Token },
            ToolHandler = (name, args, context) => new(name switch
            {
                "orders:export" => new { Month = "2026-10", Rows = Enumerable.Range(1, 20_000).Select((id) => new { id, total = id % 97 }) },
                "report:write" => $"{args["rows"].Count} rows written",
                _ => throw new ToolException($"there is no tool {name}"),
            }),
        });

        ExecutionResult result = await enclave.RunAsync("""
            const data = await callTool('orders:export', {});                  // { month: '2026-10', rows: a reference }
            const written = await callTool('report:write', { rows: data.rows }); // the tool gets all rows
            const rows = await data.rows.load();                               // and so does the script, if it needs them
            const total = rows.reduce((sum, row) => sum + row.total, 0);
            return { month: data.month, written, total, rows: data.rows };
            """, new RunOptions { Tenant = "acme" });

        ScriptReference token = result.Value["rows"].AsReference();
        ScriptValue? rows = await enclave.OpenReferenceAsync(token.Id, tenant: "acme");
        // end
        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal("20000 rows written", result.Value["written"].AsString());
        Assert.Equal(Enumerable.Range(1, 20_000).Sum((id) => id % 97), result.Value["total"].AsInt32());
        Assert.Equal(20_000, rows!.Count);
        Assert.Equal(ScriptValueKind.Array, token.Kind);
    }
}
