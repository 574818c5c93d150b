using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Tenants;
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
        Description = "The folder of the ledger: a row for each run. Quotas are kept there too, and hold over all processes with this folder. It is created.",
        HelpName = "FOLDER",
    };

    public IEnumerable<Option> All => [_policies, _ledger];

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_policies) is not null || parsed.GetValue(_ledger) is not null;

    /// <summary>Opens the tenants; null if neither option is given. The caller disposes them after its hosts.</summary>
    /// <exception cref="UsageException">The file is malformed, or the folder cannot be used.</exception>
    public async Task<EnclaveTenants?> OpenAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!IsGiven(parsed)) return null;
        (string? file, string? folder) = (parsed.GetValue(_policies), parsed.GetValue(_ledger));
        if (file?.Length == 0) throw new UsageException("--policies takes the name of a file.");
        if (folder?.Length == 0) throw new UsageException("--ledger takes the name of a folder.");
        // Lives as long as the process, as the tenants do.
        ILoggerFactory loggers = LoggerFactory.Create(static (logging) => Terminals.ErrorLog.AddTo(logging, all: false));
        try
        {
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
}
