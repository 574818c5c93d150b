using System.Text.Json;
using Enclave.Guard;
using Enclave.Testing;

namespace Enclave.Tenants.UnitTests;

/// <summary>Saved scripts are judged as their runs would be, chosen for each run, and named by its result, ledger row, audit and recording.</summary>
public sealed class SavedScriptsTests
{
    private static readonly JsonElement s_order = JsonElement.Parse(
        """{"type":"object","properties":{"id":{"type":"number"}},"required":["id"],"additionalProperties":false}"""u8);

    [Fact]
    public async Task A_run_says_which_version_it_was_everywhere()
    {
        var rows = new Rows();
        var audit = new AuditRecords();
        await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions { LedgerSink = rows });
        await using (var enclave = new TestEnclave((options) =>
        {
            options.UseTenants(tenants);
            options.Audit = new AuditOptions { Sink = audit };
        }))
        {
            enclave.When((_) => true).Returns(42);
            var scripts = new SavedScripts(ScriptStore.InMemory(), enclave.Host);
            await scripts.SaveAsync(Draft("return 1"));
            await scripts.SaveAsync(Draft("return 2") with { Activate = true });

            ExecutionResult active = await scripts.RunSavedAsync("report", null, new RunOptions { Tenant = "acme" });
            ExecutionResult named = await scripts.RunSavedAsync("report@1", null, new RunOptions { Tenant = "acme", Record = true });
            ExecutionResult other = await enclave.Host.RunAsync("return 1", new RunOptions { SourceName = "report@1" });

            Assert.Equal(("report@2", "report@1", null), (active.Script, named.Script, other.Script));
            Assert.Equal(["return 2", "return 1", "return 1"], enclave.Runs.Select((run) => run.Code));
            Assert.Equal("report@2", JsonElement.Parse(active.ToJsonString()).GetProperty("script").GetString());
            Assert.Equal("report@2", JsonSerializer.Deserialize<ExecutionResult>(active.ToJsonString())!.Script);
            Assert.Equal("report@1", ExecutionRecording.Parse(named.Recording!.ToJsonString()).Script);
        }

        await tenants.DisposeAsync();
        Assert.Equal(["report@2", "report@1", "report@1"], rows.All.Select((row) => row.Script));
        Assert.Equal(["report@2", "report@1", "report@1"], audit.All.Select((record) => record.Source));
    }

    [Fact]
    public async Task Arguments_are_held_to_the_schema_of_the_version()
    {
        await using var enclave = new TestEnclave();
        enclave.When((_) => true).Returns(1);
        var scripts = new SavedScripts(ScriptStore.InMemory(), enclave.Host);
        await scripts.SaveAsync(Draft("return args.n") with
        {
            Parameters = """{"type":"object","properties":{"n":{"type":"integer","minimum":1}},"required":["n"]}""",
            Activate = true,
        });

        ExecutionResult fits = await scripts.RunSavedAsync("report", new { N = 1 });
        SavedScriptException wrong = await FaultOf(scripts.RunSavedAsync("report", new Dictionary<string, object?> { ["n"] = 0 }));
        SavedScriptException none = await FaultOf(scripts.RunSavedAsync("report"));
        SavedScriptException noData = await FaultOf(scripts.RunSavedAsync("report", new { N = typeof(string) }));

        Assert.True(fits.Success);
        Assert.Equal((SavedScriptFault.Arguments, SavedScriptFault.Arguments, SavedScriptFault.Arguments), (wrong.Fault, none.Fault, noData.Fault));
        Assert.Equal("the arguments of report@1 do not fit its parameters: $.n is 0; expected at least 1", wrong.Message);
        Assert.Single(enclave.Runs);
    }

    [Fact]
    public async Task A_script_is_saved_only_if_runs_of_its_tenant_could_have_it()
    {
        await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions
        {
            Policies = Make.Of("acme", new TenantPolicy { Preset = GuardPreset.Strict, Tools = ["orders:*"] }),
        });
        await using var enclave = new TestEnclave((options) =>
        {
            options.UseTenants(tenants);
            options.Preset = GuardPreset.Permissive;
            options.Tools.Add("orders:get", s_order, (_, _, _) => new(1));
            options.Tools.Add("mails:send", s_order, (_, _, _) => new(1));
        });
        var scripts = new SavedScripts(ScriptStore.InMemory(), enclave.Host);
        const string Mail = "return await callTool('mails:send', { id: 1 })", Loop = "while (args.more) { } return 1";

        Assert.Equal("report@1", (await scripts.SaveAsync(Draft("return await callTool('orders:get', { id: 1 })") with { Tenant = "acme" })).Reference);
        SavedScriptException mail = await FaultOf(scripts.SaveAsync(Draft(Mail) with { Tenant = "acme" }));
        SavedScriptException loop = await FaultOf(scripts.SaveAsync(Draft(Loop) with { Tenant = "acme" }));
        SavedScriptException arguments = await FaultOf(scripts.SaveAsync(Draft("return await callTool('orders:get', {})") with { Tenant = "acme" }));

        Assert.All(new[] { mail, loop, arguments }, (fault) => Assert.Equal(SavedScriptFault.Refused, fault.Fault));
        Assert.Contains("report is not saved: line 1: ", mail.Message, StringComparison.Ordinal);
        Assert.NotEmpty(loop.Issues);
        Assert.Equal("report@1", (await scripts.SaveAsync(Draft(Mail) with { Tenant = "globex" })).Reference);
        Assert.Equal("report@1", (await scripts.SaveAsync(Draft(Loop) with { Tenant = "initech" })).Reference);
    }

    [Fact]
    public async Task A_change_of_tools_names_the_scripts_that_would_break_with_their_lines()
    {
        ScriptStore store = ScriptStore.InMemory();
        await using (var before = new TestEnclave((options) => options.Tools.Add("orders:get", s_order, (_, _, _) => new(1))))
        {
            var scripts = new SavedScripts(store, before.Host);
            const string Calls = "const n = 1;\nreturn await callTool('orders:get', { id: n })";
            await scripts.SaveAsync(Draft(Calls) with { Tenant = "acme", Activate = true });
            await scripts.SaveAsync(Draft("return 1") with { Tenant = "globex", Activate = true });
            await scripts.SaveAsync(Draft(Calls) with { Tenant = "initech" });
            Assert.Empty(await scripts.CheckAsync());
        }

        await using var after = new TestEnclave((options) => options.Tools.Add("orders:find", s_order, (_, _, _) => new(1)));
        BrokenScript broken = Assert.Single(await new SavedScripts(store, after.Host).CheckAsync());

        Assert.Equal(("acme", "report", 1), (broken.Tenant, broken.Name, broken.Version));
        Assert.Equal((2, "UNKNOWN_TOOL"), (broken.Issues[0].Location!.Value.Line, broken.Issues[0].Code));
    }

    [Fact]
    public async Task A_trial_gets_its_share_of_keys_and_its_tenants_and_ends_at_once()
    {
        await using var enclave = new TestEnclave();
        var scripts = new SavedScripts(ScriptStore.InMemory(), enclave.Host);
        await scripts.SaveAsync(Draft("return 1") with { Activate = true });
        await scripts.SaveAsync(Draft("return 2"));

        await scripts.ActivateAsync("report@2", trial: new ScriptTrial { Version = 2, Percent = 10, Tenants = ["acme"] });
        HashSet<int> ten = await TriedAsync(), again = await TriedAsync();
        await scripts.ActivateAsync("report@2", trial: new ScriptTrial { Version = 2, Percent = 50 });
        HashSet<int> half = await TriedAsync();

        Assert.Equal(ten, again);
        Assert.InRange(ten.Count, 60, 140);
        Assert.InRange(half.Count, 430, 570);
        Assert.Subset(half, ten);
        await scripts.ActivateAsync("report@2", trial: new ScriptTrial { Version = 2, Tenants = ["acme"] });
        Assert.Equal("report@2", (await scripts.PrepareAsync("report", null, new RunOptions { Tenant = "acme" })).Script);
        Assert.Equal("report@1", (await scripts.PrepareAsync("report", null, new RunOptions { Tenant = "globex" })).Script);
        await scripts.RollBackAsync("report");
        Assert.Empty(await TriedAsync());

        async Task<HashSet<int>> TriedAsync()
        {
            var tried = new HashSet<int>();
            for (int key = 0; key < 1000; key++)
            {
                if ((await scripts.PrepareAsync("report", null, new RunOptions { Key = $"user {key}" })).Script == "report@2") tried.Add(key);
            }

            return tried;
        }
    }

    [Fact]
    public async Task A_rollback_goes_back_through_the_active_versions()
    {
        await using var enclave = new TestEnclave();
        var scripts = new SavedScripts(ScriptStore.InMemory(), enclave.Host);
        for (int i = 1; i <= 3; i++) await scripts.SaveAsync(Draft($"return {i}") with { Activate = true });

        Assert.Equal(2, (await scripts.RollBackAsync("report")).Active);
        Assert.Equal(1, (await scripts.RollBackAsync("report")).Active);
        Assert.Equal(SavedScriptFault.NotFound, (await FaultOf(scripts.RollBackAsync("report"))).Fault);
        Assert.Equal("report@1", (await scripts.PrepareAsync("report")).Script);
    }

    private static ScriptDraft Draft(string code) => new() { Name = "report", Code = code };

    private static async Task<SavedScriptException> FaultOf(Task work) => await Assert.ThrowsAsync<SavedScriptException>(() => work);

    private sealed class Rows : ILedgerSink
    {
        public List<LedgerRow> All { get; } = [];

        public ValueTask WriteAsync(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken)
        {
            All.AddRange(rows);
            return default;
        }
    }

    private sealed class AuditRecords : IAuditSink
    {
        public List<AuditRecord> All { get; } = [];

        public ValueTask WriteAsync(IReadOnlyList<AuditRecord> records, CancellationToken cancellationToken)
        {
            All.AddRange(records);
            return default;
        }
    }
}
