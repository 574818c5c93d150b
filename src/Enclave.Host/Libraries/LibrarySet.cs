using Enclave.Guard.Libraries;
using Enclave.Protocol;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Messages;
using Enclave.Workers;

namespace Enclave.Libraries;

/// <summary>The libraries of a host, checked once and encoded once for all of its workers.</summary>
internal sealed class LibrarySet
{
    /// <summary>The limit for all texts together. Four of the largest: each worker evaluates all of it before its first job.</summary>
    public const int MaxBytes = 8 << 20;

    private LibrarySet(IReadOnlyList<Library> libraries, byte[] frames)
    {
        All = libraries;
        Names = [.. libraries.Select((library) => library.Name)];
        Programs = new WorkerLibraries(Names, libraries.Sum((library) => (long)library.Bytes), frames);
    }

    public static LibrarySet None { get; } = new([], []);

    public IReadOnlyList<Library> All { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Their form for workers.</summary>
    public WorkerLibraries Programs { get; }

    /// <exception cref="ArgumentException">A global has the name of a library.</exception>
    public void CheckGlobals(IReadOnlyDictionary<string, object?> globals)
    {
        foreach (string name in Names)
        {
            if (globals.ContainsKey(name)) throw Clash(name);
        }
    }

    /// <exception cref="ArgumentException">A recording was made with other libraries.</exception>
    public void CheckSame(IReadOnlyDictionary<string, string> recorded)
    {
        foreach (Library library in All)
        {
            if (!recorded.TryGetValue(library.Name, out string? hash)) throw Other($"without the library {library.Name}, which this host has");
            if (hash != library.Sha256) throw Other($"with the library {library.Name} of SHA-256 {hash}; this host's has {library.Sha256}");
        }

        string? missing = recorded.Keys.Except(Names, StringComparer.Ordinal).FirstOrDefault();
        if (missing is not null) throw Other($"with the library {Cut(missing)}, which this host does not have");
    }

    private static ArgumentException Other(string how) => Fault($"The recording was made {how}.");

    /// <param name="own">The host's own, which come first.</param>
    /// <param name="given">The operator's.</param>
    /// <param name="globals">The host's globals.</param>
    /// <exception cref="ArgumentException">A library cannot be used. The message names it and says why.</exception>
    public static LibrarySet Of(IReadOnlyList<Library> own, IReadOnlyCollection<Library> given, IReadOnlyDictionary<string, object?>? globals)
    {
        Library[] libraries = [.. own, .. Check(own, given, globals)];
        if (libraries.Length == 0) return None;
        var frames = new FrameBuffer();
        try
        {
            foreach (Library library in libraries) LibraryMessage.Write(frames, library.Name, library.Source);
            return new LibrarySet(libraries, frames.Written.ToArray());
        }
        finally
        {
            frames.Release();
        }
    }

    /// <summary>Copies the operator's list before the checks, so that another thread cannot change it between them.</summary>
    /// <exception cref="ArgumentException">A library cannot be used. The message names it and says why.</exception>
    public static Library[] Check(IReadOnlyList<Library> own, IReadOnlyCollection<Library> given, IReadOnlyDictionary<string, object?>? globals)
    {
        ArgumentNullException.ThrowIfNull(given);
        Library[] libraries = [.. given];
        int most = ProtocolLimits.MaxLibraries - own.Count;
        if (libraries.Length > most)
            throw Fault($"Libraries has {libraries.Length} entries; at most {most} are allowed{(own.Count > 0 ? " with Fetch" : "")}.");
        var names = new HashSet<string>(own.Select((library) => library.Name), StringComparer.Ordinal);
        if (globals?.Keys.FirstOrDefault(names.Contains) is { } taken) throw Fault($"Fetch and Globals both have the name \"{taken}\".");
        long bytes = 0;
        foreach (Library library in libraries)
        {
            if (library is null) throw Fault("Libraries has an entry that is null.");
            if (LibraryGuard.NameFault(library.Name) is { } odd) throw Fault($"Libraries has the name \"{Cut(library.Name)}\", which {odd}.");
            if (!names.Add(library.Name)) throw Fault($"Libraries has the name \"{library.Name}\" twice, or it is a global of Fetch.");
            if (globals?.ContainsKey(library.Name) == true) throw Clash(library.Name);
            const int Most = ProtocolLimits.LibrarySourceBytes;
            if (library.Bytes > Most) throw Fault($"Library \"{library.Name}\" has {library.Bytes} bytes; at most {Most} are allowed.");
            bytes += library.Bytes;
        }

        if (bytes > MaxBytes) throw Fault($"Libraries have {bytes} bytes together; at most {MaxBytes} are allowed.");
        foreach (Library library in libraries)
        {
            if (LibraryGuard.SourceFault(library.Source) is { } why) throw Fault($"Library \"{library.Name}\" {why}.");
        }

        return libraries;
    }

    private static ArgumentException Clash(string name) => Fault($"Libraries and Globals both have the name \"{name}\".");

    private static string Cut(string name) => name.Length <= 100 ? name : name[..100] + "…";

    private static ArgumentException Fault(string what) => new($"{what} See docs/libraries.md.");
}
