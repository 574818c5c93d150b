using System.CommandLine;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>The option for libraries, of every command that runs scripts.</summary>
internal sealed class LibraryOption
{
    private readonly Option<string[]> _libraries = new("--library")
    {
        Description = "A bundle that scripts find as the global NAME; may be repeated. With #sha256=HASH after the file, a file with another hash is refused.",
        HelpName = "NAME=FILE",
        DefaultValueFactory = (_) => [],
    };

    public Option Option => _libraries;

    /// <exception cref="UsageException">It is malformed, or the file cannot be read or has another hash.</exception>
    public IReadOnlyList<Library> Read(ParseResult parsed) => [.. parsed.GetValue(_libraries)!.Select(Read)];

    private static Library Read(string definition)
    {
        const string Mark = "#sha256=";
        int equals = definition.IndexOf('=', StringComparison.Ordinal);
        if (equals < 1) throw new UsageException($"--library {definition}: it must be NAME=FILE, as dayjs=dayjs.min.js.");
        (string name, string file, string? hash) = (definition[..equals], definition[(equals + 1)..], null);
        if (file.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and int mark) (file, hash) = (file[..mark], file[(mark + Mark.Length)..]);
        try
        {
            return Library.FromFile(name, file, hash);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            throw new UsageException($"--library {name}: {FileFault.Of(file, fault)}");
        }
    }
}
