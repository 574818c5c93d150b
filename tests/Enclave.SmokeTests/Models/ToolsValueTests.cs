using Enclave.Guard;
using Enclave.Tests;

namespace Enclave.Host.Tests.Models;

/// <summary><c>tools</c> as a value: a namespace in a variable, a function in a list, a member that is found at run time.</summary>
public sealed class ToolsValueTests : IAsyncLifetime
{
    private readonly List<string> _called = [];
    private EnclaveHost _host = null!;

    public ValueTask InitializeAsync()
    {
        _host = new EnclaveHost(Options());
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("const crm = tools.crm; return await crm.get({ id: 'a' })", "\"got a\"")]
    [InlineData("const { crm } = tools; return await crm.get({ id: 'a' })", "\"got a\"")]
    [InlineData("const { crm: { get } } = tools; return await get({ id: 'a' })", "\"got a\"")]
    [InlineData("return await Promise.all([{ id: 'a' }, { id: 'b' }].map(tools.crm.get))", "[\"got a\",\"got b\"]")]
    [InlineData("return await tools.crm?.get({ id: 'a' })", "\"got a\"")]
    [InlineData("return await tools?.crm.get?.({ id: 'a' })", "\"got a\"")]
    [InlineData("const name = 'get'; return await tools.crm[name]({ id: 'a' })", "\"got a\"")]
    [InlineData("const run = async (all) => all.crm.get({ id: 'a' }); return await run(tools)", "\"got a\"")]
    [InlineData("return Object.keys(tools)", "[\"crm\",\"ops\"]")]
    [InlineData("return Object.keys(tools.crm)", "[\"get\",\"my-list\"]")]
    [InlineData(
        "return [typeof tools, typeof tools.crm, typeof tools.crm.get, typeof tools.none, 'crm' in tools]",
        "[\"object\",\"object\",\"function\",\"undefined\",true]")]
    [InlineData("if (!tools?.crm) return 1; return 2", "2")]
    [InlineData("const f = tools.ops; return [await f({}), await f.health({})]", "[\"all\",\"well\"]")]
    [InlineData("const { name, length } = tools.ops; return [await name({}), await length({})]", "[\"n\",\"l\"]")]
    [InlineData("const f = tools.crm['my-list']; return await f()", "\"listed\"")]
    [InlineData("return [Object.isFrozen(tools), Object.isFrozen(tools.crm), Object.isFrozen(tools.crm.get)]", "[true,true,true]")]
    [InlineData("const t = tools; try { t.crm = 1; return 'changed' } catch (e) { return e.name }", "\"TypeError\"")]
    [InlineData("function Object() {} const known = 1; const t = tools; return await t.crm.get({ id: 'a' })", "\"got a\"")]
    [InlineData("return await tools.crm.get({ id: 'a' }) + (await (() => tools)().crm.get({ id: 'b' }))", "\"got agot b\"")]
    public async Task A_script_uses_tools_as_any_object(string code, string value)
    {
        ExecutionResult result = await Run(code);

        Assert.True(result.Success, result.Error?.Message);
        Assert.Equal(value, result.Value.ToJsonString());
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public async Task A_tool_that_is_looked_for_before_it_is_called_may_be_missing()
    {
        ExecutionResult looked = await Run("if (tools.erp) return await tools.erp.get({}); return 'none'");
        ExecutionResult called = await Run("return await tools.erp.get({})");

        Assert.Equal("\"none\"", looked.Value.ToJsonString());
        Assert.Equal("UNKNOWN_TOOL", Assert.Single(looked.Warnings).Code);
        Assert.Equal(ErrorCode.ValidationError, called.Error?.Code);
    }

    [Fact]
    public async Task Its_calls_are_held_to_the_same_schemas_limits_and_tenants()
    {
        const string Code = "const t = tools; try { return await t.crm.get(%) } catch (error) { return error.code }";

        Assert.Equal("\"TOOL_INVALID_ARGUMENTS\"", (await Run(Code.Replace("%", "{ id: 1 }", StringComparison.Ordinal))).Value.ToJsonString());
        ExecutionResult twice = await Run("const t = tools; await t.crm.get({ id: 'a' }); return await t.crm.get({ id: 'b' })", maxToolCalls: 1);
        Assert.Equal(ErrorCode.MaxToolCalls, twice.Error?.Code);
        Assert.Equal("[\"crm\",\"ops\"]", (await Run("return Object.keys(tools)")).Value.ToJsonString());
        Assert.Equal("[\"crm\",\"ops\",\"vip\"]", (await Run("return Object.keys(tools)", tenant: "vip")).Value.ToJsonString());
        Assert.Equal(["get a"], _called.Distinct());
    }

    [Fact]
    public async Task A_fault_has_the_line_of_the_script()
    {
        ExecutionError error = (await Run("const t = tools;\nreturn await t.crm.nope({})")).Error!;

        Assert.Contains(":2:", error.Stack, StringComparison.Ordinal);
        Assert.DoesNotContain("__ag", error.Message + error.Stack, StringComparison.Ordinal);
    }

    /// <summary>A recording has the names that its run saw: a host with other tools repeats it all the same.</summary>
    [Fact]
    public async Task A_recording_is_repeated_with_the_tools_of_its_run()
    {
        ExecutionResult recorded = await Run("const t = tools; return [Object.keys(t), await t.crm.get({ id: 'a' })]", record: true);
        var options = new EnclaveOptions();
        options.Tools.Add("other:tool", () => "");
        await using var other = new EnclaveHost(options);

        ReplayReport report = await Within.Deadline(
            other.ReplayAsync(ExecutionRecording.Parse(recorded.Recording!.ToJsonString()), TestContext.Current.CancellationToken), "replay");

        Assert.True(report.Matches, $"{report.Difference}");
        Assert.Equal(recorded.Value.ToJsonString(), report.Result.Value.ToJsonString());
    }

    [Theory]
    [InlineData("const t = tools; return 1", GuardPreset.AgentScript, "VALIDATION_ERROR")]
    [InlineData("return await tools.crm.get({ id: 'a' })", GuardPreset.AgentScript, null)]
    public async Task Rules_that_refuse_names_made_at_run_time_refuse_the_value(string code, GuardPreset preset, string? refusal)
    {
        ExecutionResult result = await Within.Deadline(
            _host.RunAsync(code, new RunOptions { Preset = preset }, TestContext.Current.CancellationToken), "answer");

        Assert.Equal(refusal, result.Error?.Code.ToCode());
    }

    [Fact]
    public async Task An_application_cannot_give_the_names_of_tools() => await Assert.ThrowsAsync<ArgumentException>(() => _host.RunAsync(
        "return 1", new RunOptions { Globals = new Dictionary<string, object?> { ["__ag_tools"] = (string[])["a"] } }, TestContext.Current.CancellationToken));

    [Fact]
    public async Task A_global_of_the_application_keeps_the_name()
    {
        ExecutionResult result = await Within.Deadline(
            _host.RunAsync("const t = tools; return t", new RunOptions
            {
                Preset = GuardPreset.JavaScript,
                Globals = new Dictionary<string, object?> { ["tools"] = "hammer" },
            }, TestContext.Current.CancellationToken), "answer");

        Assert.Equal("hammer", result.Value.AsString());
    }

    private EnclaveOptions Options()
    {
        var options = new EnclaveOptions { Preset = GuardPreset.JavaScript };
        options.Tools.Add("crm:get", (string id) =>
        {
            lock (_called) _called.Add($"get {id}");
            return $"got {id}";
        });
        options.Tools.Add("crm:my-list", () => "listed");
        options.Tools.Add("ops:health", () => "well").Add("ops", () => "all").Add("ops:name", () => "n").Add("ops:length", () => "l");
        options.Tools.Add("vip:only", () => "", new ToolOptions { AllowedTenants = ["vip"] });
        return options;
    }

    private Task<ExecutionResult> Run(string code, int? maxToolCalls = null, string? tenant = null, bool record = false) => Within.Deadline(
        _host.RunAsync(
            code, new RunOptions { MaxToolCalls = maxToolCalls, Tenant = tenant, Record = record }, TestContext.Current.CancellationToken), "answer");
}
