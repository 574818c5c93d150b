using System.Net;
using System.Text.Json;
using Enclave.Tests;

namespace Enclave.Cli.Tests;

/// <summary><c>--policies</c>, <c>--ledger</c>, <c>enclave usage</c> and <c>enclave tenants</c>: each command is a process of its own.</summary>
public sealed class TenantsTests : IDisposable
{
    private const string TwoADay = """
        { "tenants": { "acme": { "state": "active", "quotas": [ { "of": "runs", "kind": "budget", "value": 2, "per": "day" } ] } }, "default": {} }
        """;

    private readonly TemporaryFolder _folder = new();

    private string Ledger => Path.Combine(_folder.Path, "ledger");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_third_run_of_a_day_is_refused_although_each_is_a_process_of_its_own(bool isGiven)
    {
        string policies = _folder.File("policies.json", TwoADay), ledger = isGiven ? Ledger : $"{policies}.ledger";
        string[] where = isGiven ? ["--policies", policies, "--ledger", ledger] : ["--policies", policies];
        string[] options = ["--tenant", "acme", .. where];

        CliResult first = await CliProcess.RunScriptAsync("return 1", options), second = await CliProcess.RunScriptAsync("return 2", [.. options, "--json"]);
        CliResult third = await CliProcess.RunScriptAsync("return 3", options);
        CliResult other = await CliProcess.RunScriptAsync("return 4", [.. where, "--tenant", "globex"]);

        Assert.Equal((0, "1\n"), (first.ExitCode, first.Output));
        Assert.Equal(12, JsonDocument.Parse(second.Output).RootElement.GetProperty("policyVersion").GetString()!.Length);
        Assert.Equal((7, ""), (third.ExitCode, third.Output));
        Assert.StartsWith("QUOTA_EXCEEDED: the tenant acme has used 2 of its 2 runs per day; there is room at ", third.Error, StringComparison.Ordinal);
        Assert.Equal(0, other.ExitCode);
        JsonElement[] usage = [.. JsonDocument.Parse((await CliProcess.RunAsync("usage", "--ledger", ledger, "--json")).Output).RootElement.EnumerateArray()];
        Assert.Equal([("acme", 2), ("globex", 1)], usage.Select((row) => (row.GetProperty("tenant").GetString()!, row.GetProperty("runs").GetInt32())));
        Assert.All(usage, (row) => Assert.InRange(row.GetProperty("cpuMs").GetDouble(), 0.01, 10_000));
        Assert.All(usage, (row) => Assert.Equal(0, row.GetProperty("toolCalls").GetInt32()));
    }

    [Fact]
    public async Task Usage_is_printed_as_a_table_as_lines_with_commas_and_by_group()
    {
        string script = _folder.File("a.js", "return await callTool('echo', { n: 1 })");
        CliResult run = await CliProcess.RunAsync("run", script, "--tenant", "=acme, \"inc\"", "--ledger", Ledger, "--tool", "echo=cat");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));

        CliResult table = await CliProcess.RunAsync("usage", "--ledger", Ledger, "--by", "tenant,script,month");
        CliResult csv = await CliProcess.RunAsync("usage", "--ledger", Ledger, "--by", "tenant,script", "--csv");
        CliResult none = await CliProcess.RunAsync("usage", "--ledger", Ledger, "--month", "2001-01", "--json");

        Assert.Equal(["time", "tenant", "script", "runs", "failed"], table.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..5]);
        Assert.Equal("tenant,script,runs,failed,lost,notBegun,cpuMs,wallMs,toolCalls,bytesIn,bytesOut", csv.Lines[0]);
        // A name that is a formula in a spreadsheet, with a comma and quotes.
        Assert.Matches("^\"'=acme, \"\"inc\"\"\",a.js,1,0,0,0,[0-9.]+,[0-9.]+,1,", csv.Lines[1]);
        Assert.Equal("[]\n", none.Output);
        JsonElement sent = JsonDocument.Parse((await CliProcess.RunAsync("usage", "--ledger", Ledger, "--cloudevents", "https://scripts.example")).Output)
            .RootElement;
        Assert.Equal(("1.0", "enclave.run.ended", "https://scripts.example", "=acme, \"inc\"", "a.js"), (sent.GetProperty("specversion").GetString(),
            sent.GetProperty("type").GetString(), sent.GetProperty("source").GetString(), sent.GetProperty("subject").GetString(),
            sent.GetProperty("data").GetProperty("script").GetString()));
        Assert.Equal(sent.GetProperty("id").GetString(), sent.GetProperty("data").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_run_whose_process_is_killed_is_lost_and_counted_once()
    {
        string script = _folder.File("long.js", "console.log('runs'); await callTool('wait', {}); return 1");
        await using (CliProcess killed = CliProcess.Start(["run", script, "--tenant", "acme", "--ledger", Ledger, "--tool", "wait=sleep 60"]))
        {
            await killed.NextLineAsync("the script's line");
            killed.Signal(9);
            await Within.Becomes(() => !killed.Runs, "the process has ended");
        }

        for (int i = 0; i < 2; i++) Assert.Equal(0, (await CliProcess.RunScriptAsync("return 1", "--tenant", "acme", "--ledger", Ledger)).ExitCode);

        JsonElement row = JsonDocument.Parse((await CliProcess.RunAsync("usage", "--ledger", Ledger, "--json")).Output).RootElement[0];
        Assert.Equal((2, 1), (row.GetProperty("runs").GetInt32(), row.GetProperty("lost").GetInt32()));
    }

    [Fact]
    public async Task States_are_changed_in_the_file_with_an_audit_line()
    {
        string policies = _folder.File("policies.json", TwoADay);

        CliResult suspended = await CliProcess.RunAsync("tenants", "suspend", "acme", "--policies", policies, "--by", "ann");
        CliResult refused = await CliProcess.RunScriptAsync("return 1", "--tenant", "acme", "--policies", policies);
        CliResult shown = await CliProcess.RunAsync("tenants", "show", "acme", "--policies", policies, "--json");
        CliResult listed = await CliProcess.RunAsync("tenants", "list", "--policies", policies);
        CliResult resumed = await CliProcess.RunAsync("tenants", "resume", "acme", "--policies", policies);
        CliResult runs = await CliProcess.RunScriptAsync("return 1", "--tenant", "acme", "--policies", policies);

        Assert.Equal((0, "acme: active -> suspended\n"), (suspended.ExitCode, suspended.Output));
        Assert.Equal(8, refused.ExitCode);
        Assert.StartsWith("TENANT_SUSPENDED: the operator has suspended the tenant acme", refused.Error, StringComparison.Ordinal);
        Assert.Equal("suspended", JsonDocument.Parse(shown.Output).RootElement.GetProperty("state").GetString());
        Assert.StartsWith("acme  suspended  1 quota  ", listed.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0), (resumed.ExitCode, runs.ExitCode));
        JsonElement[] audit = [.. File.ReadLines($"{policies}.audit.jsonl").Select((line) => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(("ann", "acme", "active", "suspended"), (audit[0].GetProperty("by").GetString(), audit[0].GetProperty("tenant").GetString(),
            audit[0].GetProperty("from").GetString(), audit[0].GetProperty("to").GetString()));
        Assert.Equal("active", audit[1].GetProperty("to").GetString());
    }

    [Fact]
    public async Task The_schema_is_printed_and_wrong_files_are_refused()
    {
        CliResult schema = await CliProcess.RunAsync("tenants", "schema");
        Assert.Equal("object", JsonDocument.Parse(schema.Output).RootElement.GetProperty("type").GetString());
        string wrong = _folder.File("wrong.json", """{ "tenants": { "acme": { "quota": 1 } } }""");
        CliResult run = await CliProcess.RunScriptAsync("return 1", "--policies", wrong);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("$.tenants.acme.quota", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CliProcess.RunScriptAsync("return 1", "--policies", Path.Combine(_folder.Path, "none.json"))).ExitCode);
        Assert.Equal(2, (await CliProcess.RunAsync("usage", "--ledger", Path.Combine(_folder.Path, "none"))).ExitCode);
    }

    [Fact]
    public async Task A_broker_answers_429_with_the_time_and_follows_its_file()
    {
        string policies = _folder.File("policies.json", TwoADay);
        string tokens = _folder.File("tokens", "ann acme a-secret-token-of-acme\n");
        await using Served served = await Served.Start("--policies", policies, "--ledger", Ledger, "--token-file", tokens);
        for (int i = 0; i < 2; i++) Assert.Equal(HttpStatusCode.OK, (await served.Post("return 1", "a-secret-token-of-acme")).Status);

        using HttpResponseMessage third = await served.PostRaw("return 1", "a-secret-token-of-acme");

        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value, TimeSpan.Zero, TimeSpan.FromDays(1));
        Assert.Equal("QUOTA_EXCEEDED", JsonDocument.Parse(await third.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        Assert.Equal(0, (await CliProcess.RunAsync("tenants", "suspend", "acme", "--policies", policies)).ExitCode);
        HttpStatusCode status = default;
        while (status != HttpStatusCode.Forbidden) status = (await served.Post("return 1", "a-secret-token-of-acme")).Status;
    }

    [Fact]
    public async Task A_suspension_ends_a_running_session_of_a_broker()
    {
        string policies = _folder.File("policies.json", """{ "tenants": { "acme": {} } }""");
        string tokens = _folder.File("tokens", "ann acme a-secret-token-of-acme\n");
        await using Served served = await Served.Start("--policies", policies, "--token-file", tokens, "--tool", "wait=sleep 60", "--timeout", "50s");
        Task<(HttpStatusCode Status, string Text)> running = served.Post("await callTool('wait', {}); return 1", out Task started, "a-secret-token-of-acme");
        await Within.Deadline(started, "first event");

        await CliProcess.RunAsync("tenants", "suspend", "acme", "--policies", policies);

        (_, string text) = await Within.Deadline(running, "end of the session");
        Assert.Contains("TENANT_SUSPENDED", text, StringComparison.Ordinal);
    }
}
