using System.CommandLine;
using Enclave.Cli.Options;
using Enclave.Cli.Tools;
using Enclave.Guard;
using Enclave.Tenants;

namespace Enclave.Cli.Saved;

/// <summary>The options of a host that judges saved scripts: level, rules, libraries, tools and policies, as runs have them.</summary>
internal sealed class JudgeOptionSet
{
    private readonly Option<SecurityLevel?> _level = OptionFactory.Level(SecurityLevel.Standard);

    private readonly Option<GuardPreset?> _preset = OptionFactory.Preset(
        "The preset of rules: agentscript (default), strict, secure, standard, permissive or javascript.");

    private readonly LibraryOption _libraries = new();

    private readonly FetchOption _fetch = new();

    private readonly ToolOptionSet _tools = new();

    private readonly TenantOptionSet _tenants = new();

    public IEnumerable<Option> All => [_level, _preset, _libraries.Option, _fetch.Option, .. _tools.All, .. _tenants.All];

    /// <summary>Opens the host for some work. If tools are given, a call of any other tool is refused.</summary>
    public async Task<int> WithHostAsync(ParseResult parsed, Func<EnclaveHost, Task<int>> work, CancellationToken cancellationToken)
    {
        using ToolBox tools = _tools.Read(parsed);
        EnclaveTenants? tenants = await _tenants.OpenAsync(parsed, isBrief: true, cancellationToken).ConfigureAwait(false);
        try
        {
            var settings = new HostSettings
            {
                Level = parsed.GetValue(_level) ?? SecurityLevel.Standard,
                Limits = new LimitSettings { Preset = parsed.GetValue(_preset) },
                Libraries = _libraries.Read(parsed),
                Fetch = _fetch.Read(parsed),
                Tenants = tenants,
            };
            EnclaveOptions options = settings.ToOptions(settings.Level, tools: null);
            tools.AddTo(options.Tools, [], timeout: null);
            var host = new EnclaveHost(options);
            await using (host.ConfigureAwait(false)) return await work(host).ConfigureAwait(false);
        }
        finally
        {
            if (tenants is not null) await tenants.DisposeAsync().ConfigureAwait(false);
        }
    }
}
