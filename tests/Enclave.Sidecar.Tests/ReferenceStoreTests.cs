using Enclave.Protocol;
using Enclave.Testing;
using Enclave.Tests;

namespace Enclave.Sidecar.Tests;

/// <summary>The contract of every store, and the sidecar on top of it.</summary>
public abstract class ReferenceStoreTests : ReferenceStoreContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_value_that_was_set_is_found_byte_for_byte() => FindsWhatWasSetAsync();

    [Fact]
    public Task A_value_that_is_set_again_is_replaced() => ReplacesWhatIsSetAgainAsync();

    [Fact]
    public Task A_value_that_was_set_is_a_copy() => KeepsACopyAsync();

    [Fact]
    public Task A_value_that_was_removed_is_gone_and_removing_it_again_is_no_fault() => ForgetsWhatWasRemovedAsync();

    [Fact]
    public Task Its_time_to_live_ends_a_value_and_no_other() => ForgetsAfterItsTimeAsync();

    [Fact]
    public Task Many_at_once_do_not_mix() => ServesManyAtOnceAsync();

    [Fact]
    public Task A_cancelled_call_ends_as_cancelled() => HeedsCancellationAsync();

    [Fact]
    public async Task Scripts_work_with_references_over_it()
    {
        var watched = new WatchedStore(Store);
        await using var host = new EnclaveHost(
            new EnclaveOptions { Sidecar = new SidecarOptions { Enabled = true, Threshold = 2048, Storage = watched }, ToolHandler = Tools });

        ExecutionResult result = await Within.Deadline(
            host.RunAsync("const r = await callTool('rows', {}); const rows = await r.rows.load(); return [rows.length, await callTool('count', { all: " +
            "[r.rows] }), r]", cancellationToken: Cancellation), "answer");

        Assert.Equal("[500,500]", $"[{result.Value[0].AsInt32()},{result.Value[1].AsInt32()}]");
        Assert.Equal("row 499", result.Value[2]["rows"][499]["name"].AsString());
        Assert.Single(watched.Keys);
        // The caller does not wait for the store.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await Store.GetAsync(watched.Keys.Single(), Cancellation) is not null) await Task.Delay(10, deadline.Token);
    }

    [Fact]
    public async Task A_token_opens_on_another_host_for_its_tenant_alone()
    {
        var options = new SidecarOptions { Enabled = true, Threshold = 2048, Storage = Store, ReturnedReferences = ReturnedReferences.Token };
        await using var one = new EnclaveHost(new EnclaveOptions { Sidecar = options, ToolHandler = Tools });
        await using var other = new EnclaveHost(new EnclaveOptions { Sidecar = options });
        ExecutionResult result = await Within.Deadline(
            one.RunAsync("return await callTool('rows', {})", new RunOptions { Tenant = "acme" }, Cancellation), "answer");
        ScriptReference token = result.Value["rows"].AsReference();

        Assert.Equal(500, (await other.OpenReferenceAsync(token.Id, "acme", Cancellation))!.Count);
        Assert.Null(await other.OpenReferenceAsync(token.Id, "umbrella", Cancellation));
        Assert.Null(await other.OpenReferenceAsync(token.Id, null, Cancellation));
    }

    private static ValueTask<object?> Tools(string name, ScriptValue args, ToolContext context) => new(name switch
    {
        "rows" => new { rows = Enumerable.Range(0, 500).Select((i) => new { id = i, name = $"row {i}" }) },
        "count" => args["all"][0].Count,
        _ => throw new ToolException($"there is no tool {name}"),
    });
}
