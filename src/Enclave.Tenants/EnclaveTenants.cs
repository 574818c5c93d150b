using Enclave.Limits;
using Enclave.Tenants.Admission;
using Enclave.Tenants.Ledgers;
using Enclave.Tenants.Policies;
using Enclave.Tenants.Quotas;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enclave.Tenants;

/// <summary>Tenants as customers of one or more hosts in this process: policies, quotas and a ledger (docs/tenants.md).</summary>
/// <example>
/// <code>
/// await using EnclaveTenants tenants = await EnclaveTenants.OpenAsync(new TenantsOptions { PolicyFile = "policies.json", LedgerFolder = "ledger" });
/// await using var enclave = new EnclaveHost(new EnclaveOptions().UseTenants(tenants));
/// </code>
/// </example>
public sealed class EnclaveTenants : IEnclaveTenants, IAsyncDisposable
{
    private readonly TenantWatch _watch;
    private readonly PolicyBook _book;
    private readonly RunAccounts _accounts;
    private readonly FolderLedger? _ledger;
    private readonly RowPump? _sink;
    private readonly PolicyFileWatch? _file;
    private readonly ITenantStore? _source;
    private readonly SharedQuotas? _quotas;
    private readonly string? _path;
    private readonly Lock _saving = new();
    private int _disposed;

    private EnclaveTenants(TenantsOptions options, TenantPolicies policies, FolderLedger? ledger, QuotaStore quotas, ILogger log)
    {
        TenantWatch watch = _watch = new TenantWatch(log, options.OnWarning);
        var clock = new SteadyClock(options.TimeProvider);
        _ledger = ledger;
        _sink = options.LedgerSink is { } sink ? new RowPump(sink.WriteAsync, watch.LedgerFailed) : null;
        _book = new PolicyBook(policies, options.TimeProvider);
        _path = options.PolicyFile;
        TenantMetrics? metrics = options.MeteredTenants > 0 ? new TenantMetrics(options.MeteredTenants) : null;
        _accounts = new RunAccounts(quotas, ledger, _sink, metrics, clock, watch);
        Gate = new TenantGate(_book, _accounts, clock);
        _book.Changed += (change) => OnChanged(change, options.OnChange, watch);
        (_source, _quotas) = (options.Source, quotas as SharedQuotas);
        _source?.Follow(_book.Replace, (why) => watch.NotRead("the store", why));
        _file = _source is null && options.PolicyFile is { } path ? new PolicyFileWatch(path, options.TimeProvider, _book, watch) : null;
    }

    /// <summary>Adds up the ledger. Returns null without one.</summary>
    internal async Task<IReadOnlyList<UsageRow>?> SumAsync(UsageGroups by, string? month, string? tenant, CancellationToken cancellationToken)
    {
        if (_source is not null) return await _source.SumAsync(by, month, tenant, cancellationToken).ConfigureAwait(false);
        if (_ledger is null) return null;
        // A ledger of months is long: a request that has gone reads no further.
        return await Task.Run(() => new LedgerFolder(_ledger.Files.Folder).Sum(by, month, tenant, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The gate of a host.</summary>
    internal TenantGate Gate { get; }

    /// <summary>Opens them: reads the policies, and writes the rows of runs whose process was killed.</summary>
    /// <param name="options">The options.</param>
    /// <param name="loggerFactory">Creates the logger; null for none.</param>
    /// <param name="cancellationToken">Ends the wait for other processes that have the ledger.</param>
    /// <exception cref="ArgumentException">A policy is malformed or out of its ranges. The message names the place.</exception>
    /// <exception cref="IOException">The file or the folder cannot be used.</exception>
    public static async Task<EnclaveTenants> OpenAsync(
        TenantsOptions options, ILoggerFactory? loggerFactory = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Policies);
        ArgumentNullException.ThrowIfNull(options.TimeProvider);
        if (options.MeteredTenants is < 0 or > 10_000) throw new ArgumentException($"MeteredTenants is {options.MeteredTenants}; range: 0 to 10000");
        ILogger log = loggerFactory?.CreateLogger("Enclave.Tenants") ?? NullLogger.Instance;
        TenantPolicies policies = options.Source is { } source ? source.Now : options.PolicyFile is { } path ? PolicyFile.Read(path) : options.Policies;
        PolicyCheck.Check(policies);
        if (options.Budgets is { } budgets)
        {
            return new EnclaveTenants(
                options, policies, null, new SharedQuotas(budgets, options.BudgetsStayOpen, new SteadyClock(options.TimeProvider)), log);
        }

        if (options.LedgerFolder is not { } folder) return new EnclaveTenants(options, policies, null, new MemoryQuotas(), log);
        var failures = new TenantWatch(log, null);
        FolderLedger ledger = await FolderLedger.OpenAsync(folder, failures.LedgerFailed, cancellationToken).ConfigureAwait(false);
        return new EnclaveTenants(options, policies, ledger, ledger.Quotas, log);
    }

    /// <inheritdoc/>
    public TenantPolicies Policies => _book.All;

    /// <inheritdoc/>
    public IReadOnlyList<string> Active => Gate.Active();

    /// <inheritdoc/>
    public async ValueTask<TenantStatus> ShowAsync(string? tenant, CancellationToken cancellationToken = default)
    {
        (int running, int waiting) = Gate.CountOf(tenant);
        if (_book.Of(tenant) is not { } judged) return new TenantStatus(tenant, null, null, running, waiting, []);
        IReadOnlyList<QuotaUse> use = await _accounts.UseOfAsync(tenant, judged, cancellationToken).ConfigureAwait(false);
        return new TenantStatus(tenant, judged.Policy, judged.Version, running, waiting, use);
    }

    /// <inheritdoc/>
    public void Change(string tenant, Func<TenantPolicy, TenantPolicy> change, string by)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentException.ThrowIfNullOrEmpty(by);
        _book.Change(tenant, change, by);
    }

    /// <summary>
    /// Changes the policy of one tenant so that it outlives this process where the policies are in a file: the file is replaced as a whole, with a line of its
    /// audit. The change takes effect at once.
    /// </summary>
    /// <exception cref="ArgumentException">A value is out of its range, or the file is malformed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    internal async Task SaveAsync(string tenant, Func<TenantPolicy, TenantPolicy> change, string by, CancellationToken cancellationToken)
    {
        if (_source is not null)
        {
            TenantPolicy saved = change(_book.Of(tenant)?.Policy ?? _book.All.Default);
            await _source.SaveAsync(tenant, saved, by, cancellationToken).ConfigureAwait(false);
            // The store notifies hosts a moment later. On this host the change takes effect at once.
            TenantPolicies now = _book.All;
            _book.Replace(now with { Tenants = new Dictionary<string, TenantPolicy>(now.Tenants, StringComparer.Ordinal) { [tenant] = saved } }, by);
            return;
        }

        if (_path is not { } path)
        {
            Change(tenant, change, by);
            return;
        }

        lock (_saving)
        {
            TenantPolicies all = PolicyFile.Read(path);
            TenantPolicy before = all.Tenants.GetValueOrDefault(tenant) ?? all.Default, after = change(before);
            PolicyCheck.Check(after);
            // A change of the state alone leaves the rest of the text as its author wrote it.
            if (after == before with { State = after.State }) PolicyFile.Change(path, tenant, after.State);
            else PolicyFile.Put(path, tenant, after);
            PolicyAudit.Add(path, tenant, by, before, after);
            _book.Replace(PolicyFile.Read(path), by);
        }
    }

    /// <summary>Takes other policies in place of those of code, file or configuration. Changes of single tenants stay.</summary>
    /// <exception cref="ArgumentException">A value is out of its range. The message names it.</exception>
    public void Replace(TenantPolicies policies, string by)
    {
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentException.ThrowIfNullOrEmpty(by);
        PolicyCheck.Check(policies);
        _book.Replace(policies, by);
    }

    /// <summary>Reports that new policies of the application cannot be read. The present policies stay.</summary>
    internal void NotRead(string source, string why) => _watch.NotRead(source, why);

    /// <summary>Writes the rows that wait. Dispose the hosts first: runs that end later have no row.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _file?.Dispose();
        if (_quotas is not null) await _quotas.DisposeAsync().ConfigureAwait(false);
        if (_sink is not null) await _sink.DisposeAsync().ConfigureAwait(false);
        if (_ledger is not null) await _ledger.DisposeAsync().ConfigureAwait(false);
    }

    private void OnChanged(TenantChange change, Action<TenantChange>? told, TenantWatch watch)
    {
        watch.Changed(change);
        Gate.OnChanged(change);
        try
        {
            told?.Invoke(change);
        }
#pragma warning disable CA1031 // The change holds, whatever the application's handler does.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            watch.HandlerFailed(fault);
        }
    }
}
