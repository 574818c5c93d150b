using Enclave.Protocol;
using Enclave.Sidecar;
using Enclave.Tests;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>No run and no tenant can read another's values, and an attempt learns nothing.</summary>
public sealed class SidecarIsolationTests
{
    [Theory]
    [InlineData("acme", "acme")]
    [InlineData("acme", "umbrella")]
    [InlineData(null, "acme")]
    [InlineData(null, "none")]
    public async Task A_reference_of_another_run_is_as_unknown_as_one_that_never_was(string? owner, string? other)
    {
        var store = new FaultyStore();
        await using var bench = new SidecarBench((options) => options with { Storage = store, ReturnedReferences = ReturnedReferences.Token });
        ReferenceRun first = bench.Begin(owner), second = bench.Begin(other);
        ScriptValue foreign = await SidecarBench.Give(first, SidecarBench.Text(2000));
        ScriptValue never = ScriptValue.OfReference(new ScriptReference("0123456789abcdef0123456789abcdef", 0, ScriptValueKind.Undefined, ""));
        // The store is not even asked.
        store.Fault = () => throw new IOException("asked");

        foreach (Func<ScriptValue, Task> step in (Func<ScriptValue, Task>[])[
            (value) => SidecarBench.Load(second, value), (value) => SidecarBench.Take(second, ScriptValue.OfArray([value]))])
        {
            ToolException known = await Assert.ThrowsAsync<ToolException>(() => step(foreign)),
                unknown = await Assert.ThrowsAsync<ToolException>(() => step(never));
            Assert.Equal((unknown.Name, unknown.Message, unknown.Code), (known.Name, known.Message, known.Code));
            Assert.Equal("REFERENCE_NOT_FOUND", known.Code);
        }

        ExecutionError returned = (await SidecarBench.End(second, foreign)).Error!;
        Assert.Equal("REFERENCE_NOT_FOUND", returned.Data!["code"]);
    }

    [Fact]
    public async Task A_reference_is_no_token_and_a_token_no_reference()
    {
        await using var bench = new SidecarBench((options) => options with { ReturnedReferences = ReturnedReferences.Token });
        ReferenceRun run = bench.Begin("acme");
        ScriptValue reference = await SidecarBench.Give(run, SidecarBench.Text(2000));

        Assert.Null(await bench.Open(reference.AsReference().Id, "acme"));
        ScriptValue token = (await SidecarBench.End(run, reference)).Value;

        Assert.NotEqual(reference.AsReference().Id, token.AsReference().Id);
        Assert.Equal("REFERENCE_NOT_FOUND", await SidecarBench.CodeOf(() => SidecarBench.Load(bench.Begin("acme"), token)));
        Assert.Throws<ArgumentException>(() => ScriptValue.From(new[] { token }));
    }

    [Fact]
    public async Task Only_what_was_returned_outlives_the_run()
    {
        await using var bench = new SidecarBench((options) => options with { ReturnedReferences = ReturnedReferences.Token });
        ReferenceRun run = bench.Begin();
        await SidecarBench.Give(run, SidecarBench.Text(2000, 'a'));
        ScriptValue kept = await SidecarBench.Give(run, SidecarBench.Text(2000, 'b'));

        string token = (await SidecarBench.End(run, ScriptValue.OfArray([kept]))).Value[0].AsReference().Id;

        await Within.Becomes(() => bench.Store.Count == 1, "the other value is gone");
        Assert.Equal(new string('b', 2000), (await bench.Open(token))!.AsString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdef0")]
    [InlineData("../0123456789abcdef0123456789abc")]
    public async Task A_text_without_the_form_of_a_token_never_reaches_the_store(string token)
    {
        await using var bench = new SidecarBench((options) => options with { Storage = new FaultyStore { Fault = () => throw new IOException("asked") } });

        Assert.Null(await bench.Open(token));
    }

    [Fact]
    public async Task A_tenants_name_cannot_be_made_to_lead_to_anothers_values()
    {
        await using var bench = new SidecarBench((options) => options with { ReturnedReferences = ReturnedReferences.Token });
        ReferenceRun run = bench.Begin(tenant: null);
        string token = (await SidecarBench.End(run, await SidecarBench.Give(run, SidecarBench.Text(2000)))).Value.AsReference().Id;

        Assert.All(await Task.WhenAll(new[] { "none", "", "t:none", "null" }.Select((name) => bench.Open(token, name))), Assert.Null);
        Assert.NotNull(await bench.Open(token));
    }
}
