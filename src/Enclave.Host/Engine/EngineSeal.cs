using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Linux;

namespace Enclave.Engine;

/// <summary>
/// Whether the engine and its snapshot are, byte for byte, the files that this library was built with, and stay so: nobody who is not trusted may
/// write them or put others in their place. Asked before every start, which costs some system calls for each folder on the way; the bytes are read again only
/// when a file is not the one it was.
/// </summary>
internal sealed class EngineSeal
{
    private const string Resource = "Enclave.pins.txt";

    /// <summary>A child that another thread of this host just made holds what that thread writes until it is another program.</summary>
    private static readonly TimeSpan s_writerPatience = TimeSpan.FromMilliseconds(200);

    private static readonly Lazy<Dictionary<string, string>> s_pins = new(ReadPins);

    private readonly (string Path, string Hash)[] _files;
    private readonly FileIdentity?[] _verified;
    private readonly SealMemory _memory;

    public EngineSeal(EngineFiles files)
        : this(files, s_pins.Value, SealMemory.Shared)
    {
    }

    /// <param name="pins">SHA-256 in lower-case hexadecimal by file name.</param>
    public EngineSeal(EngineFiles files, IReadOnlyDictionary<string, string> pins, SealMemory memory)
    {
        _files = [.. EngineFiles.EngineNames.Select((name) => (Path.Combine(files.EngineDirectory, name), pins[name]))];
        _verified = new FileIdentity?[_files.Length];
        _memory = memory;
    }

    /// <summary>True if others may write the files, as the operator accepted: their hashes then say what they were, not what they are.</summary>
    public bool AllowsWriters { get; init; }

    /// <summary>The pinned hashes by file name, for reports.</summary>
    public static IReadOnlyDictionary<string, string> Pins => s_pins.Value;

    /// <summary>Names a user beside the trusted ones who may write these files, with the remedy; null when there is none.</summary>
    public static (string What, string Remedy)? Writers(IEnumerable<string> paths)
    {
        var access = new WriteAccess();
        return paths.Select(access.Fault).FirstOrDefault((fault) => fault is not null);
    }

    /// <summary>What is wrong, with the remedy; null when nothing is. Called on the spawning thread only.</summary>
    public string? Check() => FindWriters() ?? FindChange();

    /// <summary>Names a user beside the trusted ones who may write the files, with the remedy; null when there is none, or when that is accepted.</summary>
    public string? FindWriters() => !AllowsWriters && Writers(_files.Select((file) => file.Path)) is { } writers ? $"{writers.What}: {writers.Remedy}" : null;

    /// <summary>
    /// Which file is not the pinned one, with the remedy; null when all are. Called after <see cref="FindWriters"/>: permissions judge who may open a file
    /// later, the lease who has it open already.
    /// </summary>
    public string? FindChange()
    {
        for (int i = 0; i < _files.Length; i++)
        {
            (string path, string pin) = _files[i];
            if (FileIdentity.Of(path) is not { } identity) return $"{path} is missing";
            if (_verified[i] == identity) continue;
            // A memory that says otherwise than the pin may be torn: the file itself decides.
            string? hash = AllowsWriters ? null : _memory.Recall(identity);
            bool written = false;
            if (hash != pin) hash = Hash(path, identity, out written);
            if (written) return $"{path} is open for writing in another process, which could change it after it was read: end that process";
            if (hash != pin) return $"{path} is not the file that this version of Enclave was built with (SHA-256 {hash ?? "unreadable"}, expected {pin}): build again with ./enclave, or install the package again";
            _verified[i] = identity;
        }

        return null;
    }

    private string? Hash(string path, FileIdentity identity, out bool written)
    {
        written = false;
        try
        {
            using FileStream stream = File.OpenRead(path);
            written = !AllowsWriters && HasWriter(stream);
            if (written) return null;
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            // One that changed while it was read, or that is not the one that was opened, is read again at the next start.
            bool same = FileIdentity.Of((int)stream.SafeFileHandle.DangerousGetHandle()) == identity && FileIdentity.Of(path) == identity;
            if (same && !AllowsWriters) _memory.Remember(identity, hash);
            return same ? hash : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// True if somebody has the file open for writing, or mapped so: he got in while he was allowed to. The kernel gives a lease for reading only when nobody
    /// has (fcntl(2)). Where it gives none at all, to one who is not the owner or on a file system without leases, permissions alone decide.
    /// </summary>
    private static bool HasWriter(FileStream stream)
    {
        var file = (int)stream.SafeFileHandle.DangerousGetHandle();
        // A writer that opens the file while the lease lasts makes the kernel signal this process: not with SIGIO, which would end it.
        if (Libc.fcntl(file, Libc.SetSignal, Libc.SignalUrgent) != 0) return false;
        bool refused = true;
        bool Settled()
        {
            refused = Libc.fcntl(file, Libc.SetLease, Libc.ReadLease) != 0 && Marshal.GetLastPInvokeError() == Libc.ErrorAgain;
            return !refused;
        }

        SpinWait.SpinUntil(Settled, s_writerPatience);
        _ = Libc.fcntl(file, Libc.SetLease, Libc.NoLease);
        return refused;
    }

    private static Dictionary<string, string> ReadPins()
    {
        using Stream stream = typeof(EngineSeal).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => line.Trim().Split(' ')).ToDictionary((pin) => pin[1], (pin) => pin[0].ToLowerInvariant(), StringComparer.Ordinal);
    }
}
