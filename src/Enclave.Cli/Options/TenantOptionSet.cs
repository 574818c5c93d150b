using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Tenants;
using Enclave.Tenants.Policies;
using Microsoft.Extensions.Logging;

namespace Enclave.Cli.Options;

/// <summary>The options for policies of tenants and their ledger, of every command that runs scripts.</summary>
internal sealed class TenantOptionSet
{
    private readonly Option<string?> _policies = new("--policies")
    {
        Description = "The JSON file with the policies of tenants: states, limits and quotas (docs/tenants.md). A change of it holds without a restart.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _ledger = new("--ledger")
    {
        Description = "The folder of the ledger: a row for each run. Quotas are kept there too, and hold over all processes with this folder. It is created. " +
            "enclave run without it keeps quotas in the folder FILE.ledger.",
        HelpName = "FOLDER",
    };

    public IEnumerable<Option> All => [_policies, _ledger];

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_policies) is not null || parsed.GetValue(_ledger) is not null;

    /// <summary>Opens the tenants; null if neither option is given. The caller disposes them after its hosts.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isBrief">True for a process of a few runs: without a ledger its quotas are kept beside the policies, because the next process would not
    /// know them otherwise.</param>
    /// <param name="cancellationToken">Ends the wait for other processes.</param>
    /// <exception cref="UsageException">The file is malformed, or the folder cannot be used.</exception>
    public async Task<EnclaveTenants?> OpenAsync(ParseResult parsed, bool isBrief, CancellationToken cancellationToken)
    {
        if (!IsGiven(parsed)) return null;
        (string? file, string? folder) = (parsed.GetValue(_policies), parsed.GetValue(_ledger));
        if (file?.Length == 0) throw new UsageException("--policies takes the name of a file.");
        if (folder?.Length == 0) throw new UsageException("--ledger takes the name of a folder.");
        // Lives as long as the process, as the tenants do.
        ILoggerFactory loggers = LoggerFactory.Create(static (logging) => Terminals.ErrorLog.AddTo(logging, all: false));
        try
        {
            if (isBrief && folder is null && HasQuotas(PolicyFile.Read(file!))) folder = $"{file}.ledger";
            return await EnclaveTenants.OpenAsync(new TenantsOptions { PolicyFile = file, LedgerFolder = folder }, loggers, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException($"--policies: {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{(file is not null && !File.Exists(file) ? "--policies" : "--policies and --ledger")}: {fault.Message}");
        }
    }

    private static bool HasQuotas(TenantPolicies policies) => policies.Tenants.Values.Append(policies.Default).Any((policy) => policy.Quotas.Count > 0);
}
