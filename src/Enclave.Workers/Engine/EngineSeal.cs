using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Enclave.Linux;

namespace Enclave.Engine;

/// <summary>
/// Checks that the engine and its snapshot are, byte for byte, the files that this library was built with, and that only trusted users may change or replace
/// them. Called before every start, which costs some system calls for each folder on the path. The bytes are hashed again only when a file's identity has
/// changed.
/// </summary>
internal sealed class EngineSeal
{
    private const string Resource = "Enclave.pins.txt";

    /// <summary>A child that another thread just forked still has that thread's writable descriptors until it executes its program.</summary>
    private static readonly TimeSpan s_writerPatience = TimeSpan.FromMilliseconds(200);

    private static readonly Lazy<Dictionary<string, string>> s_pins = new(ReadPins);

    private readonly SealedFile[] _files;
    private readonly SealMemory _memory;

    [SupportedOSPlatform("linux")]
    public EngineSeal(EngineFiles files)
        : this(files, s_pins.Value, SealMemory.Shared)
    {
    }

    /// <param name="pins">SHA-256 in lower-case hexadecimal by file name.</param>
    public EngineSeal(EngineFiles files, IReadOnlyDictionary<string, string> pins, SealMemory memory)
    {
        _files = [.. EngineFiles.EngineNames.Select((name) => new SealedFile(Path.Combine(files.EngineDirectory, name), pins[name]))];
        _memory = memory;
    }

    /// <summary>True if other users may write the files, with the operator's permission. Then a hash is only valid for the moment of its computation.</summary>
    public bool AllowsWriters { get; init; }

    /// <summary>The pinned hashes by file name, for reports.</summary>
    public static IReadOnlyDictionary<string, string> Pins => s_pins.Value;

    /// <summary>Names an untrusted user who may write these files, with the remedy; null if there is none.</summary>
    [SupportedOSPlatform("linux")]
    public static (string What, string Remedy)? Writers(IEnumerable<string> paths)
    {
        var access = new WriteAccess();
        foreach (string path in paths)
        {
            if (access.Fault(path) is { } fault) return fault;
        }

        return null;
    }

    /// <summary>Names an untrusted user who may write the files, with the remedy; null if there is none, or if that is accepted.</summary>
    [SupportedOSPlatform("linux")]
    public string? FindWriters() => !AllowsWriters && Writers(_files.Select((file) => file.Path)) is { } writers ? $"{writers.What}: {writers.Remedy}" : null;

    /// <summary>
    /// Names a file that differs from the pinned one, with the remedy; null if all match. Called after <see cref="FindWriters"/>: permissions decide who
    /// may open a file later, the lease shows who has it open already.
    /// </summary>
    [SupportedOSPlatform("linux")]
    public string? FindChange()
    {
        foreach (SealedFile file in _files)
        {
            (string path, string pin) = file;
            if (FileIdentity.Of(path) is not { } identity) return $"{path} is missing";
            if (file.Verified == identity) continue;
            // A remembered hash that differs from the pin may be damaged, so the file itself decides.
            string? hash = AllowsWriters ? null : _memory.Recall(identity);
            bool written = false;
            if (hash != pin) hash = Hash(path, identity, out written);
            if (written) return $"{path} is open for writing in another process, which could change it after it was read: end that process";
            if (hash != pin) return $"{path} is not the file that this version of Enclave was built with (SHA-256 {hash ?? "unreadable"}, expected {pin}): " +
                "build again with ./enclave, or install the package again";
            file.Verified = identity;
        }

        return null;
    }

    [SupportedOSPlatform("linux")]
    private string? Hash(string path, FileIdentity identity, out bool written)
    {
        written = false;
        try
        {
            using FileStream stream = File.OpenRead(path);
            written = !AllowsWriters && HasWriter(stream);
            if (written) return null;
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            // A file that changed while it was read, or was replaced meanwhile, is hashed again at the next start.
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
    /// True if another process still has the file open or mapped for writing, from a time when it had the permission. The kernel gives a read lease only if no
    /// process has it open for writing (fcntl(2)). Where the kernel gives no leases (to users other than the owner, on some file systems), only the permissions
    /// decide.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static bool HasWriter(FileStream stream)
    {
        var file = (int)stream.SafeFileHandle.DangerousGetHandle();
        // If another process opens the file for writing while the lease lasts, the kernel signals this process. It must not be SIGIO, which would end it.
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
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select((line) => line.Trim().Split(' ')).ToDictionary((pin) => pin[1], (pin) => pin[0].ToLowerInvariant(), StringComparer.Ordinal);
    }

    /// <summary>A file with its pinned hash.</summary>
    private sealed record SealedFile(string Path, string Hash)
    {
        /// <summary>The file's identity when its hash was last the pinned one; null before that.</summary>
        public FileIdentity? Verified { get; set; }
    }
}
