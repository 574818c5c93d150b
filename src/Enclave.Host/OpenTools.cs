using Enclave.Fetch;
using Enclave.Guard;

namespace Enclave;

/// <summary>The tools that scripts under one set of rules may call.</summary>
/// <param name="host">The host's tools.</param>
/// <param name="settings">The rules.</param>
internal sealed class OpenTools(ModelSubject host, GuardSettings settings)
{
    // Created on first use, because most hosts are never asked for their language.
    private readonly Lazy<LanguageProbe> _language = new(() => new LanguageProbe(settings));

    public LanguageProbe Language => _language.Value;

    /// <summary>The tools that a run may call, without the one that is described as a global.</summary>
    public IEnumerable<ToolDefinition> Of(RunOptions? run) => host.Tools.And(ToolCollection.Of(run))
        .Where((tool) => tool.IsOpenTo(run?.Tenant) && Language.MayCall(tool.Name) && !(IsFetch(tool) && Language.HasFetch));

    private bool IsFetch(ToolDefinition tool) => host.Fetch is not null && tool.Name == FetchTool.Name;
}
