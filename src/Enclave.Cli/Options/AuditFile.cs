using System.CommandLine;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>The option for the audit, of every command that serves scripts.</summary>
internal sealed class AuditFile
{
    private readonly Option<string?> _file = new("--audit")
    {
        Description = "Append a record of each run and of each tool call to this file, one JSON object per line (docs/records.md). Arguments are left out. "
            + "Only its owner may read it.",
        HelpName = "FILE",
    };

    public Option Option => _file;

    /// <summary>The audit; null for none.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public AuditOptions? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_file) is not { } path) return null;
        if (path.Length == 0) throw new UsageException("--audit takes the name of a file.");
        var sink = new JsonLinesAuditSink(path);
        try
        {
            // Write nothing now to test the path: without this test a wrong path would only be noticed at the first run, in the log.
            sink.WriteAsync([], CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--audit {path} cannot be written: {FileFault.Of(path, fault)}");
        }

        return new AuditOptions { Sink = sink };
    }
}
