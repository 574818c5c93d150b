namespace Enclave.Tenants.Scripts;

/// <summary>Keeps scripts in this process.</summary>
internal sealed class MemoryScriptStore : ScriptStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ScriptKey, SavedScript> _scripts = [];
    private readonly Dictionary<(ScriptKey Key, int Version), string> _codes = [];

    internal override Task<SavedScript?> FindAsync(ScriptKey key, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_scripts.GetValueOrDefault(key));
    }

    internal override Task<string?> ReadAsync(ScriptKey key, SavedVersion version, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult(_codes.GetValueOrDefault((key, version.Number)));
    }

    internal override Task<SavedScript> ChangeAsync(
        ScriptKey key, string? code, Func<SavedScript?, SavedScript> change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            SavedScript? before = _scripts.GetValueOrDefault(key);
            if (before is null && _scripts.Count >= MaxScripts) throw Full();
            SavedScript after = change(before);
            if (code is not null && after.Newest != before?.Versions[^1]) _codes[(key, after.Newest.Number)] = code;
            foreach (SavedVersion gone in before?.Versions.Where((version) => after.Find(version.Number) is null) ?? []) _codes.Remove((key, gone.Number));
            _scripts[key] = after;
            return Task.FromResult(after);
        }
    }

    internal override Task<IReadOnlyList<SavedScript>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<SavedScript>>([.. _scripts.Values
                .OrderBy((script) => script.Tenant, StringComparer.Ordinal).ThenBy((script) => script.Name, StringComparer.Ordinal)]);
        }
    }
}
