using System.Security.Cryptography;

namespace Enclave.Workers;

/// <summary>
/// Whether the engine, its snapshot and the worker are, byte for byte, the files that this library was built with. Asked before every start, which costs five
/// system calls; the bytes are read again only when a file is not the one it was.
/// </summary>
internal sealed class EngineSeal
{
    private const string Resource = "Enclave.pins.txt";

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
        _files =
        [
            .. EngineFiles.EngineNames.Select((name) => (Path.Combine(files.EngineDirectory, name), pins[name])),
            .. EngineFiles.WorkerNames.Select((name) => (Path.Combine(files.WorkerDirectory, name), pins[name])),
        ];
        _verified = new FileIdentity?[_files.Length];
        _memory = memory;
    }

    /// <summary>The pinned hashes by file name, for reports.</summary>
    public static IReadOnlyDictionary<string, string> Pins => s_pins.Value;

    /// <summary>What is wrong, with the remedy; null when nothing is. Called on the spawning thread only.</summary>
    public string? Check()
    {
        for (int i = 0; i < _files.Length; i++)
        {
            (string path, string pin) = _files[i];
            if (FileIdentity.Of(path) is not { } identity) return $"{path} is missing";
            if (_verified[i] == identity) continue;
            // A memory that says otherwise than the pin may be torn: the file itself decides.
            string? hash = _memory.Recall(identity);
            if (hash != pin) hash = Hash(path, identity);
            if (hash != pin) return $"{path} is not the file that this version of Enclave was built with (SHA-256 {hash ?? "unreadable"}, expected {pin}): build again with ./enclave, or install the package again";
            _verified[i] = identity;
        }

        return null;
    }

    private string? Hash(string path, FileIdentity identity)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            // One that changed while it was read is read again at the next start.
            if (FileIdentity.Of(path) == identity) _memory.Remember(identity, hash);
            return hash;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> ReadPins()
    {
        using Stream stream = typeof(EngineSeal).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((line) => line.Trim().Split(' ')).ToDictionary((pin) => pin[1], (pin) => pin[0].ToLowerInvariant(), StringComparer.Ordinal);
    }
}
