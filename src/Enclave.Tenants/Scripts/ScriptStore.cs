using Enclave.Tenants.Scripts;

namespace Enclave.Tenants;

/// <summary>Keeps saved scripts.</summary>
public abstract class ScriptStore
{
    /// <summary>The most scripts of one tenant, and of all tenants together.</summary>
    internal const int MaxScripts = 10_000;

    private protected ScriptStore()
    {
    }

    /// <summary>Keeps scripts in this process.</summary>
    public static ScriptStore InMemory() => new MemoryScriptStore();

    /// <summary>
    /// Keeps scripts in files of this folder, which may also hold durable runs, recordings and schedules. Any number of processes of this machine may share it.
    /// It is created.
    /// </summary>
    public static ScriptStore InFolder(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new FolderScriptStore(path);
    }

    /// <summary>Finds a script; null if there is none.</summary>
    /// <exception cref="SavedScriptException">The store failed.</exception>
    internal abstract Task<SavedScript?> FindAsync(ScriptKey key, CancellationToken cancellationToken);

    /// <summary>Reads the text of a version; null if another process has removed it.</summary>
    internal abstract Task<string?> ReadAsync(ScriptKey key, SavedVersion version, CancellationToken cancellationToken);

    /// <summary>Changes a script. No other change of the same script happens meanwhile.</summary>
    /// <param name="key">The script.</param>
    /// <param name="code">The text of the version that the change may add; null if it adds none.</param>
    /// <param name="change">Returns the script after the change. The store may call it again.</param>
    /// <param name="cancellationToken">Ends the wait for other changes.</param>
    internal abstract Task<SavedScript> ChangeAsync(
        ScriptKey key, string? code, Func<SavedScript?, SavedScript> change, CancellationToken cancellationToken);

    /// <summary>All scripts, by tenant and name. Damaged ones are left out.</summary>
    internal abstract Task<IReadOnlyList<SavedScript>> ListAsync(CancellationToken cancellationToken);

    private protected static SavedScriptException Full() => new(
        SavedScriptFault.OutOfRange, $"the store has {MaxScripts} scripts, and takes no more: save under a name that is there, or in another store");
}
