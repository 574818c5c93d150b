using Enclave.Cli.Commands;

namespace Enclave.Cli.Scripts;

/// <summary>Script files that are examined without running them, one after another.</summary>
/// <param name="files">Paths; <c>-</c> is standard input.</param>
internal sealed class ScriptFiles(IReadOnlyList<string> files)
{
    /// <exception cref="UsageException">Standard input is named twice.</exception>
    public static ScriptFiles Of(string[] files, string command)
    {
        TextFile.CheckOnce(files, command);
        return new ScriptFiles(files);
    }

    public bool IsOneOfMany => files.Count > 1;

    /// <summary>Examines each file. An unreadable file among several does not stop the others.</summary>
    /// <param name="examine">Examines a script, given its file and text, and returns the exit code.</param>
    /// <param name="unreadable">Called for an unreadable file among several, with the reason.</param>
    /// <exception cref="UsageException">The only file cannot be read.</exception>
    public async Task<int> EachAsync(Func<string, string, int> examine, Action<string, string> unreadable, CancellationToken cancellationToken)
    {
        int code = ExitCode.Success;
        foreach (string file in files)
        {
            int one = await OneAsync(file, examine, unreadable, cancellationToken).ConfigureAwait(false);
            // The exit code for an unreadable file takes precedence over a refusal's.
            if (code != ExitCode.Usage && one != ExitCode.Success) code = one;
        }

        return code;
    }

    private async Task<int> OneAsync(string file, Func<string, string, int> examine, Action<string, string> unreadable, CancellationToken cancellationToken)
    {
        string source;
        try
        {
            source = await ScriptSource.ReadAsync(file, cancellationToken).ConfigureAwait(false);
        }
        catch (UsageException fault) when (IsOneOfMany)
        {
            unreadable(file, fault.Message);
            return ExitCode.Usage;
        }

        // On another thread, so that it can be abandoned when the user interrupts.
        return await Task.Run(() => examine(file, source), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
