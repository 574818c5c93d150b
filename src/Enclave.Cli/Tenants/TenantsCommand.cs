using System.CommandLine;
using System.Text.Json.Nodes;
using Enclave.Cli.Commands;
using Enclave.Cli.Terminals;
using Enclave.Tenants;
using Enclave.Tenants.Policies;

namespace Enclave.Cli.Tenants;

/// <summary><c>enclave tenants</c>: shows and changes a file with policies. Hosts that have the file follow within half a second.</summary>
internal sealed class TenantsCommand
{
    private readonly Terminal _terminal;
    private readonly Interrupt _interrupt;

    private readonly Option<string> _policies = new("--policies") { Description = "The JSON file with the policies.", HelpName = "FILE", Required = true };

    private readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "The folder of the ledger: then the use of quotas is shown too.",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _by = new("--by")
    {
        Description = "The person or program that changes it, for the audit. Default: the user of this process.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    private readonly Argument<string> _tenant = new("TENANT") { Description = "The name of the tenant." };

    private TenantsCommand(Terminal terminal, Interrupt interrupt) => (_terminal, _interrupt) = (terminal, interrupt);

    public static Command Create(Terminal terminal, Interrupt interrupt)
    {
        var tenants = new TenantsCommand(terminal, interrupt);
        var command = new Command("tenants", "Shows and changes the policies of tenants: pauses, suspends, drains and resumes them.")
        {
            tenants.List(), tenants.Show(),
            tenants.Set("pause", "New runs wait; running ones come to their end.", TenantState.Paused),
            tenants.Set("suspend", "New and waiting runs are refused; running ones end at once.", TenantState.Suspended),
            tenants.Set("drain", "New runs are refused; running ones come to their end.", TenantState.Draining),
            tenants.Set("resume", "Runs begin again.", TenantState.Active),
            tenants.Schema(),
        };
        HelpExamples.Add(
            command,
            "enclave tenants list --policies policies.json",
            "enclave tenants show acme --policies policies.json --ledger ledger --json",
            "enclave tenants suspend acme --policies policies.json --by 'on call'",
            "enclave tenants schema > policies.schema.json");
        return command;
    }

    private Command List()
    {
        var command = new Command("list", "Lists the tenants that have a policy of their own.") { _policies, _json };
        command.SetAction((parsed) => Guarded(() =>
        {
            TenantPolicies policies = PolicyFile.Read(parsed.GetValue(_policies)!);
            (string Name, TenantPolicy Policy)[] all =
                [.. policies.Tenants.OrderBy((one) => one.Key, StringComparer.Ordinal).Select((one) => (one.Key, one.Value))];
            if (parsed.GetValue(_json))
            {
                _terminal.Output.WriteJson(new JsonArray([.. all.Select((one) => (JsonNode)Describe(one.Name, one.Policy))]).ToJsonString());
                return ExitCode.Success;
            }

            foreach ((string name, TenantPolicy policy) in all)
            {
                string quotas = Plural.Of(policy.Quotas.Count, "quota");
                _terminal.Output.WriteLine($"{name}  {QuotaRule.Name(policy.State)}  {quotas}  {PolicyJson.VersionOf(policy)}");
            }

            return ExitCode.Success;
        }));
        return command;
    }

    private Command Show()
    {
        var command = new Command("show", "Shows the policy of a tenant, and with --ledger what is used of its quotas.") { _tenant, _policies, _ledger, _json };
        command.SetAction(async (parsed, _) => await GuardedAsync(async () =>
        {
            string tenant = parsed.GetValue(_tenant)!;
            var options = new TenantsOptions { PolicyFile = parsed.GetValue(_policies), LedgerFolder = parsed.GetValue(_ledger) };
            if (options.LedgerFolder is { } folder && !Directory.Exists(folder)) throw new UsageException($"--ledger {folder}: there is no such folder.");
            EnclaveTenants tenants = await EnclaveTenants.OpenAsync(options, null, _interrupt.Token).ConfigureAwait(false);
            await using (tenants.ConfigureAwait(false))
            {
                TenantStatus status = await tenants.ShowAsync(tenant, _interrupt.Token).ConfigureAwait(false);
                if (status.Policy is not { } policy) throw new UsageException($"{tenant} has no policy, and unknown tenants are refused.");
                JsonObject shown = Describe(tenant, policy);
                shown["policy"] = PolicyJson.Write(policy);
                if (options.LedgerFolder is not null)
                {
                    shown["use"] = new JsonArray([.. status.Quotas.Select((use) => (JsonNode)new JsonObject
                    {
                        ["quota"] = new QuotaRule(use.Quota).Text, ["used"] = use.Used, ["limit"] = use.Quota.Value,
                    })]);
                }

                if (parsed.GetValue(_json))
                {
                    _terminal.Output.WriteJson(shown.ToJsonString());
                    return ExitCode.Success;
                }

                _terminal.Output.WriteLine($"{tenant}: {QuotaRule.Name(policy.State)}, version {status.PolicyVersion}");
                foreach (QuotaUse use in status.Quotas)
                {
                    string used = options.LedgerFolder is null ? "" : $": {use.Used} used";
                    _terminal.Output.WriteLine($"  {new QuotaRule(use.Quota).Text}{used}");
                }

                return ExitCode.Success;
            }
        }).ConfigureAwait(false));
        return command;
    }

    private Command Set(string name, string description, TenantState state)
    {
        var command = new Command(name, description) { _tenant, _policies, _by };
        command.SetAction((parsed) => Guarded(() =>
        {
            (string tenant, string file) = (parsed.GetValue(_tenant)!, parsed.GetValue(_policies)!);
            (TenantPolicy from, TenantPolicy to) = PolicyFile.Change(file, tenant, state);
            PolicyAudit.Add(file, tenant, parsed.GetValue(_by) is { Length: > 0 } by ? by : Environment.UserName, from, to);
            _terminal.Output.WriteLine($"{tenant}: {QuotaRule.Name(from.State)} -> {QuotaRule.Name(to.State)}");
            return ExitCode.Success;
        }));
        return command;
    }

    private Command Schema()
    {
        var command = new Command("schema", "Prints the JSON schema of the file with policies.");
        command.SetAction((_) =>
        {
            _terminal.Output.WriteText(PolicyJson.Schema());
            return ExitCode.Success;
        });
        return command;
    }

    private static JsonObject Describe(string tenant, TenantPolicy policy) => new()
    {
        ["tenant"] = tenant,
        ["state"] = QuotaRule.Name(policy.State),
        ["version"] = PolicyJson.VersionOf(policy),
        ["quotas"] = new JsonArray([.. policy.Quotas.Select((quota) => (JsonNode)new QuotaRule(quota).Text)]),
    };

    private static int Guarded(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(fault.Message);
        }
    }

    private static async Task<int> GuardedAsync(Func<Task<int>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(fault.Message);
        }
    }
}
