using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enclave.Tenants.Policies;
using Enclave.Tests;
using Json.Schema;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Enclave.Tenants.UnitTests;

/// <summary>Policies are read from a file and from configuration in one form, which the printed schema describes.</summary>
public sealed class PolicyFileTests : IDisposable
{
    private const string Full = """
        {
          "$schema": "policies.schema.json",
          "tenants": {
            "acme": {
              "state": "active", "level": "secure", "preset": "standard",
              "limits": {
                "timeout": "5s", "cpuTimeout": "500ms", "memoryLimit": "64MB", "maxToolCalls": 20, "maxIterations": 1000, "maxConsoleCalls": 10,
                "maxConsoleBytes": 65536
              },
              "concurrency": 4, "tools": ["orders:*"], "origins": ["https://*.example.com"], "maxWait": "10s", "version": "gold-3",
              "quotas": [
                { "of": "runs", "kind": "budget", "value": 2, "per": "day", "timeZone": "Europe/Zurich", "warnAt": 0.8 },
                { "of": "cpuSeconds", "kind": "budget", "value": 3.5, "per": "30d", "action": "end" },
                { "of": "runs", "kind": "rate", "value": 60, "per": "minute", "burst": 10, "scope": "key", "action": "wait", "name": "bursts" },
                { "of": "runs", "kind": "concurrency", "value": 8, "scope": "all" }
              ]
            }
          },
          "default": { "state": "paused" },
          "unknown": "refuse"
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_sets_each_member()
    {
        TenantPolicies policies = Read(Full);
        TenantPolicy acme = policies.Tenants["acme"];
        Assert.Equal((SecurityLevel.Secure, Guard.GuardPreset.Standard, 4, TimeSpan.FromSeconds(10), "gold-3"),
            (acme.Level, acme.Preset, acme.Concurrency, acme.MaxWait, acme.Version));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500), 64L << 20, 20),
            (acme.Limits!.Timeout, acme.Limits.CpuTimeout, acme.Limits.MemoryLimit, acme.Limits.MaxToolCalls));
        Assert.Equal([2m, 3.5m, 60m, 8m], acme.Quotas.Select((quota) => quota.Value));
        Assert.Equal((QuotaAction.Wait, QuotaScope.Key, 10m), (acme.Quotas[2].Action, acme.Quotas[2].Scope, acme.Quotas[2].Burst));
        Assert.Equal((TenantState.Paused, UnknownTenants.Refuse), (policies.Default.State, policies.Unknown));
    }

    [Fact]
    public void The_schema_has_the_members_of_the_types_and_accepts_what_is_read()
    {
        var root = (JsonObject)JsonNode.Parse(PolicyJson.Schema())!;
        Compare(root, typeof(TenantPolicies));
        Compare((JsonObject)root["$defs"]!["policy"]!, typeof(TenantPolicy));
        Compare((JsonObject)root["$defs"]!["limits"]!, typeof(TenantLimits));
        Compare((JsonObject)root["$defs"]!["quota"]!, typeof(TenantQuota));
        var schema = JsonSchema.FromText(PolicyJson.Schema());
        using JsonDocument full = JsonDocument.Parse(Full), wrong = JsonDocument.Parse("""{ "tenants": { "acme": { "quota": [] } } }""");
        Assert.True(schema.Evaluate(full.RootElement).IsValid);
        Assert.False(schema.Evaluate(wrong.RootElement).IsValid);

        static void Compare(JsonObject schema, Type type)
        {
            IEnumerable<string> members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select((member) => member.Name == "Schema" ? "$schema" : JsonNamingPolicy.CamelCase.ConvertName(member.Name));
            IEnumerable<string> described = ((JsonObject)schema["properties"]!).Select((member) => member.Key);
            Assert.Equal(members.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("""[]""", "policies")]
    [InlineData("""{ "tenants": { "acme": { "stat": "active" } } }""", "stat")]
    [InlineData("""{ "default": { "state": "asleep" } }""", "$.default.state")]
    [InlineData("""{ "default": { "state": 1 } }""", "$.default.state")]
    [InlineData("""{ "default": { "concurrency": 0 } }""", "default.concurrency is 0; range: 1 to")]
    [InlineData("""{ "default": { "limits": { "timeout": "5" } } }""", "$.default.limits.timeout")]
    [InlineData("""{ "default": { "quotas": [ { "of": "runs", "kind": "budget", "value": 2 } ] } }""", "default.quotas[0].per is missing")]
    [InlineData("""{ "default": { "quotas": [ { "of": "runs", "kind": "budget", "value": -1, "per": "day" } ] } }""", "default.quotas[0].value is -1")]
    [InlineData("""{ "default": { "quotas": [ { "of": "runs", "kind": "budget", "value": 2, "per": "fortnight" } ] } }""", "per is 'fortnight'")]
    [InlineData(
        """{ "default": { "quotas": [ { "of": "runs", "kind": "budget", "value": 2, "per": "day", "timeZone": "Mars/Base" } ] } }""",
        "timeZone is 'Mars/Base'")]
    [InlineData("""{ "default": { "quotas": [ { "of": "bytes", "kind": "budget", "value": 2, "per": "day", "action": "end" } ] } }""", "action is end")]
    [InlineData("""{ "default": { "quotas": [ { "of": "bytes", "kind": "concurrency", "value": 2 } ] } }""", "of runs")]
    [InlineData("""{ "default": { "quotas": [ { "kind": "budget", "value": 2, "per": "day" } ] } }""", "of")]
    [InlineData(
        """{ "default": { "quotas": [ {"of": "runs", "kind": "rate", "value": 2, "per": "1s"}, {"of": "runs", "kind": "rate", "value": 3, "per": "1s"} ] } }""",
        "twice: give one of them a name")]
    [InlineData("""{ "default": { "origins": ["example.com"] } }""", "origins has 'example.com'")]
    [InlineData("""{ "default": null }""", "default")]
    [InlineData("""{ "default": {}, "default": {} }""", "default")]
    [InlineData("""{ "tenants": { "": {} } }""", "0 characters")]
    [InlineData("""{ "default": {""", "not JSON")]
    public void A_malformed_file_is_refused_with_its_place(string json, string place)
    {
        var fault = Assert.Throws<ArgumentException>(() => Read(json));
        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_and_random_files_are_refused_and_end_nothing()
    {
        Assert.Throws<ArgumentException>(() => Read(string.Concat(Enumerable.Repeat("{\"tenants\":", 100_000))));
        var random = new Random(71);
        byte[] full = Encoding.UTF8.GetBytes(Full);
        for (int i = 0; i < 3000; i++)
        {
            byte[] changed = [.. full];
            for (int n = random.Next(1, 4); n > 0; n--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                PolicyJson.Read(changed);
            }
            catch (ArgumentException)
            {
                // Refused.
            }
        }
    }

    [Fact]
    public void The_version_follows_what_the_policy_says()
    {
        TenantPolicy one = Read(Full).Tenants["acme"] with { Version = null }, same = Read(Full).Tenants["acme"] with { Version = null };
        Assert.Equal(PolicyJson.VersionOf(one), PolicyJson.VersionOf(same));
        Assert.NotEqual(PolicyJson.VersionOf(one), PolicyJson.VersionOf(one with { Concurrency = 5 }));
        Assert.Equal("gold-3", PolicyJson.VersionOf(Read(Full).Tenants["acme"]));
    }

    [Fact]
    public void A_change_of_a_state_leaves_the_rest_of_the_file()
    {
        string file = _folder.File("policies.json", Full);
        (TenantPolicy from, TenantPolicy to) = PolicyFile.Change(file, "acme", TenantState.Suspended);
        Assert.Equal((TenantState.Active, TenantState.Suspended), (from.State, to.State));
        (from, to) = PolicyFile.Change(file, "globex", TenantState.Active);
        Assert.Equal((TenantState.Paused, TenantState.Active), (from.State, to.State));
        TenantPolicies policies = PolicyFile.Read(file);
        Assert.Equal(TenantState.Suspended, policies.Tenants["acme"].State);
        Assert.Equal(4, policies.Tenants["acme"].Quotas.Count);
        Assert.Equal(TenantState.Active, policies.Tenants["globex"].State);
        Assert.Equal("policies.schema.json", policies.Schema);
        Assert.Equal(["policies.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_changed_file_holds_without_a_restart_and_a_malformed_one_changes_nothing()
    {
        string file = _folder.File("policies.json", """{ "tenants": { "acme": { "concurrency": 1 } } }""");
        await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions { PolicyFile = file });
        File.WriteAllText(file, """{ "tenants": { "acme": { "concurrency": 22 } } }""");
        await Within.Becomes(() => tenants.Policies.Tenants["acme"].Concurrency == 22, "the new policy holds");
        File.WriteAllText(file, """{ "tenants": { "acme": { "concurrency": """);
        File.WriteAllText(file, """{ "tenants": { "acme": { "concurrency": 333 } } }""");
        await Within.Becomes(() => tenants.Policies.Tenants["acme"].Concurrency == 333, "the file after the malformed one holds");
    }

    [Fact]
    public async Task Configuration_has_the_form_of_the_file_and_is_followed()
    {
        string file = _folder.File("appsettings.json", $"{{ \"Plans\": {Full} }}");
        IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonFile(file).Build();
        var services = new ServiceCollection();
        services.AddEnclave().AddTenants(configuration.GetSection("Plans"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        IEnclaveTenants tenants = provider.GetRequiredService<IEnclaveTenants>();

        TenantPolicy acme = tenants.Policies.Tenants["acme"];
        Assert.Equal(PolicyJson.VersionOf(Read(Full).Tenants["acme"] with { Version = null }), PolicyJson.VersionOf(acme with { Version = null }));
        File.WriteAllText(file, """{ "Plans": { "default": { "concurrency": 3 } } }""");
        configuration.Reload();
        Assert.Equal(3, tenants.Policies.Default.Concurrency);
        File.WriteAllText(file, """{ "Plans": { "default": { "concurrency": 0 } } }""");
        configuration.Reload();
        Assert.Equal(3, tenants.Policies.Default.Concurrency);
    }

    private static TenantPolicies Read(string json) => PolicyJson.Read(Encoding.UTF8.GetBytes(json));
}
