using Enclave.Cli.Commands;

namespace Enclave.Cli.Scripts;

/// <summary>Scripts that are looked at and not run, one after another.</summary>
/// <param name="files">Paths; <c>-</c> is standard input.</param>
internal sealed class ScriptFiles(IReadOnlyList<string> files)
{
    // More than any level lets through: what is longer need not be read to be refused.
    private const long MaxBytes = 100 << 20;

    /// <exception cref="UsageException">Standard input is named twice.</exception>
    public static ScriptFiles Of(string[] files, string command)
    {
        if (files.Count((file) => file == SourceFile.StandardInput) > 1) throw new UsageException($"{command} reads standard input once: - may stand there once.");
        return new ScriptFiles(files);
    }

    public bool IsOneOfMany => files.Count > 1;

    /// <summary>Looks at each file. Of many, one that cannot be read does not keep the others from being looked at.</summary>
    /// <param name="look">Looks at a script, given its file and text, and gives the exit code.</param>
    /// <param name="unreadable">Told of a file of many that cannot be read, and why.</param>
    /// <exception cref="UsageException">The only file cannot be read.</exception>
    public async Task<int> EachAsync(Func<string, string, int> look, Action<string, string> unreadable, CancellationToken cancellationToken)
    {
        int code = ExitCode.Success;
        foreach (string file in files)
        {
            int one = await OneAsync(file, look, unreadable, cancellationToken).ConfigureAwait(false);
            // A file that could not be read says more than one that is refused.
            if (code != ExitCode.Usage && one != ExitCode.Success) code = one;
        }

        return code;
    }

    /// <summary>What people see as the name of a file.</summary>
    public static string NameOf(string file) => file == SourceFile.StandardInput ? "stdin" : file;

    private async Task<int> OneAsync(string file, Func<string, string, int> look, Action<string, string> unreadable, CancellationToken cancellationToken)
    {
        string source;
        try
        {
            source = await SourceFile.ReadAsync(file, MaxBytes, cancellationToken).ConfigureAwait(false)
                ?? throw new UsageException($"{NameOf(file)} has more than {MaxBytes} bytes: no level takes such a script.");
        }
        catch (UsageException fault) when (IsOneOfMany)
        {
            unreadable(file, fault.Message);
            return ExitCode.Usage;
        }

        // Not on this thread: a long look can be left behind when the user interrupts. And without the mark that run does not pass on either.
        return await Task.Run(() => look(file, source.TrimStart('\ufeff')), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
