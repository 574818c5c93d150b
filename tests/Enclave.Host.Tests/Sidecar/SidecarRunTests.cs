using Enclave.Protocol;
using Enclave.Tests;

namespace Enclave.Host.Tests.Sidecar;

/// <summary>References in scripts: their form, their values, and attempts to misuse them.</summary>
public sealed class SidecarRunTests : IAsyncDisposable
{
    private readonly SidecarHost _host = new();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_large_result_reaches_the_script_as_a_reference()
    {
        ScriptValue shown = await _host.Value(
            "const r = await callTool('text', {}); return [typeof r, r.id.length, r.size, r.kind, r.preview.slice(0, 13), typeof r.load]");

        Assert.Equal($"[\"object\",32,{SidecarHost.Large.Length + 3},\"string\",\"line 0\\nline 1\",\"function\"]", shown.ToJsonString());
    }

    [Fact]
    public async Task Large_members_are_lifted_and_small_ones_stay()
    {
        ScriptValue shown = await _host.Value("const r = await callTool('rows', {}); return [r.total, r.rows.kind, Object.keys(r), Object.keys(r.rows)]");

        Assert.Equal("[300,\"array\",[\"total\",\"rows\"],[\"id\",\"size\",\"kind\",\"preview\"]]", shown.ToJsonString());
    }

    [Fact]
    public async Task A_small_result_stays_as_it_is() => Assert.Equal("{\"a\":1}", (await _host.Value("return await callTool('small', {})")).ToJsonString());

    [Theory]
    [InlineData("text", "v === v.toString() && v.length", 8890)]
    [InlineData("bytes", "v.length", 5000)]
    public async Task Load_gives_the_value(string tool, string expression, int expected)
    {
        ScriptValue value = await _host.Value($"const r = await callTool('{tool}', {{}}); const v = await r.load(); return {expression}");

        Assert.Equal(expected, value.AsInt32());
    }

    [Fact]
    public async Task Load_of_a_member_gives_the_rows() =>
        Assert.Equal(
            "row 299", (await _host.Value("const r = await callTool('rows', {}); const rows = await r.rows.load(); return rows[299].name")).AsString());

    [Fact]
    public async Task A_tool_gets_whole_values_also_from_deep_inside_its_arguments()
    {
        await _host.Value("const r = await callTool('rows', {}); const t = await callTool('text', {}); return await callTool('take', { list: [1, { rows: " +
            "r.rows }], t, again: t })");

        Assert.Equal(SidecarHost.Large, _host.Taken!["t"].AsString());
        Assert.Equal(SidecarHost.Large, _host.Taken["again"].AsString());
        Assert.Equal("row 7", _host.Taken["list"][1]["rows"][7]["name"].AsString());
    }

    [Fact]
    public async Task A_reference_to_an_object_may_be_the_arguments_themselves()
    {
        await using var host = new SidecarHost(tools: (name, args, _) => new(
            name == "make" ? Enumerable.Range(0, 300).ToDictionary((i) => $"key {i}", (i) => (object?)i) : args["key 299"].AsInt32()));

        Assert.Equal(299, (await host.Value("return await callTool('take', await callTool('make', {}))")).AsInt32());
    }

    [Fact]
    public async Task Other_arguments_than_an_object_are_refused_whatever_they_hide_in()
    {
        ScriptValue error = await _host.Value("try { return await callTool('take', await callTool('text', {})) } catch (e) { return [e.name, e.message] }");

        Assert.Equal("[\"TypeError\",\"the arguments of a tool are an object, and this reference is none\"]", error.ToJsonString());
    }

    [Fact]
    public async Task A_value_that_is_large_even_without_its_large_members_is_lifted_around_them()
    {
        ScriptValue shown = await _host.Value("""
            const r = await callTool('page', {});
            const page = await r.load();
            await callTool('take', { r });
            return [r.kind, page['key 299'], page['key 7'].kind, (await page['key 7'].load()).length];
            """);

        Assert.Equal("[\"object\",299,\"string\",8890]", shown.ToJsonString());
        Assert.Equal(SidecarHost.Large, _host.Taken!["r"]["key 7"].AsString());
        Assert.Equal(299, _host.Taken["r"]["key 299"].AsInt32());
    }

    [Fact]
    public async Task A_returned_reference_is_resolved()
    {
        ScriptValue value = await _host.Value("const r = await callTool('rows', {}); return { rows: r.rows, text: await callTool('text', {}) }");

        Assert.Equal("row 42", value["rows"][42]["name"].AsString());
        Assert.Equal(SidecarHost.Large, value["text"].AsString());
    }

    [Fact]
    public async Task Nothing_is_left_in_the_store_once_the_run_has_ended()
    {
        await _host.Value("return await callTool('text', {})");
        await _host.IsEmpty();

        Assert.False((await _host.Run("await callTool('text', {}); throw new Error('end')")).Success);
        await _host.IsEmpty();
    }

    [Fact]
    public async Task A_reference_cannot_be_changed_and_holds_no_way_to_anything()
    {
        ScriptValue shown = await _host.Value("""
            const r = await callTool('text', {});
            const tries = [() => { r.id = 'x' }, () => { r.load = 1 }, () => { r.other = 1 }, () => { delete r.id }, () => { r.load.x = 1 }, () => `${r}`];
            return [tries.map((t) => { try { t(); return 'no' } catch (e) { return e.name } }), Object.isFrozen(r), JSON.parse(JSON.stringify(r)).kind];
            """);

        Assert.Equal("[[\"TypeError\",\"TypeError\",\"TypeError\",\"TypeError\",\"TypeError\",\"TypeError\"],true,\"string\"]", shown.ToJsonString());
    }

    [Theory]
    [InlineData("({ ...r })")]
    [InlineData("({ id: r.id, size: r.size, kind: r.kind, preview: r.preview })")]
    [InlineData("JSON.parse(JSON.stringify(r))")]
    [InlineData("Object.assign({}, r)")]
    public async Task A_copy_of_a_reference_is_data_and_opens_nothing(string copy)
    {
        ScriptValue shown = await _host.Value($$"""
            const r = await callTool('text', {});
            const copy = {{copy}};
            await callTool('take', { copy });
            try { await callTool('enclave:load', { reference: copy }); return 'loaded' } catch (e) { return [e.code, e.message] }
            """);

        Assert.Equal(ScriptValueKind.String, _host.Taken!["copy"]["id"].Kind);
        Assert.Equal("[\"REFERENCE_NOT_FOUND\",\"there is no such reference in this run\"]", shown.ToJsonString());
    }

    [Fact]
    public async Task Proxies_and_heirs_of_a_reference_are_none()
    {
        await using var open = new EnclaveHost(new EnclaveOptions
        {
            Validate = false,
            Sidecar = new SidecarOptions { Enabled = true, Threshold = SidecarHost.Threshold },
            ToolHandler = (name, args, _) => new(name == "text" ? SidecarHost.Large : args.ToJsonString().Length),
        });

        ExecutionResult result = await open.RunAsync("""
            const r = await callTool('text', {});
            const tried = [];
            for (const fake of [new Proxy(r, {}), Object.create(r), { __proto__: r }]) {
              try { await callTool('enclave:load', { reference: fake }); tried.push('loaded'); } catch (e) { tried.push(e.code ?? e.name); }
            }
            tried.push((await r.load.call({ id: 'other' })).length, (await (0, r.load)()).length);
            return tried;
            """, cancellationToken: TestContext.Current.CancellationToken);

        // A proxy shows its target's data, an object that inherits from it shows nothing. load() knows its own reference, whatever its this is.
        Assert.Equal("[\"REFERENCE_NOT_FOUND\",\"REFERENCE_NOT_FOUND\",\"REFERENCE_NOT_FOUND\",8890,8890]", result.Value.ToJsonString());
    }

    [Theory]
    [InlineData("'0123456789abcdef0123456789abcdef'")]
    [InlineData("null")]
    [InlineData("{ id: '0123456789abcdef0123456789abcdef' }")]
    public async Task A_made_up_id_tells_nothing(string reference)
    {
        ScriptValue shown = await _host.Value(
            $$"""try { await callTool('enclave:load', { reference: {{reference}} }) } catch (e) { return [e.code, e.message] }""");

        Assert.Equal("[\"REFERENCE_NOT_FOUND\",\"there is no such reference in this run\"]", shown.ToJsonString());
    }

    [Fact]
    public async Task A_failed_load_names_the_line_of_the_script()
    {
        await using var host = new SidecarHost((options) => options with { MaxResolvedBytes = 2000 });

        ExecutionResult result = await host.Run("const r = await callTool('text', {});\nreturn await r.load();");

        Assert.Equal((ErrorCode.ToolError, "RangeError", "    at script.js:2:16"), (result.Error!.Code, result.Error.Name, result.Error.Stack));
    }

    [Fact]
    public async Task Every_load_counts_as_a_tool_call()
    {
        ExecutionResult result = await _host.Run("const r = await callTool('text', {}); await r.load(); await r.load(); return 1");

        Assert.Equal(3, result.Stats.ToolCallCount);
    }

    [Theory]
    [InlineData(SecurityLevel.Strict)]
    [InlineData(SecurityLevel.Secure)]
    [InlineData(SecurityLevel.Permissive)]
    public async Task Every_level_has_it(SecurityLevel level)
    {
        TestLauncher.NeedsLevel(level);
        await using var host = new SidecarHost(level: level);

        ScriptValue value = await host.Value(
            "const r = await callTool('rows', {}); const rows = await r.rows.load(); await callTool('take', { r }); return [rows.length, r.rows]");

        Assert.Equal(300, value[0].AsInt32());
        Assert.Equal("row 299", value[1][299]["name"].AsString());
        Assert.Equal("row 299", host.Taken!["r"]["rows"][299]["name"].AsString());
    }

    [Fact]
    public async Task Without_the_option_results_are_whole()
    {
        await using var host = new SidecarHost((options) => options with { Enabled = false });

        Assert.Equal(8890, (await host.Value("const t = await callTool('text', {}); return t.length")).AsInt32());
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Open("0123456789abcdef0123456789abcdef"));
    }
}
