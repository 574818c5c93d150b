using System.CommandLine;
using Enclave.Broker.PostgreSql;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>The options that name a store of durable runs, of every command that has them.</summary>
internal sealed class StoreOptionSet
{
    private const string KeyVariable = "ENCLAVE_JOURNAL_KEY";

    private readonly Option<string?> _store = new("--store")
    {
        Description = "The folder of durable runs and kept recordings. It is created.",
        HelpName = "FOLDER",
    };

    private readonly Option<string?> _storeFile = new("--store-file")
    {
        Description = "In place of --store: the file with the connection string of the PostgreSQL database of durable runs (enclave migrate makes its "
            + $"tables). Default: the variable {SharedSecret.StoreVariable}.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--store-key")
    {
        Description = $"A file with the key that seals the runs: 64 hexadecimal digits; further lines hold older keys. Default: {KeyVariable}, or no key.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _tenant = new("--tenant") { Description = "The tenant of the run. Default: none.", HelpName = "NAME" };

    public IEnumerable<Option> All => [_store, _storeFile, _key, _tenant];

    /// <summary>The options of a broker, which has an option of its own for the database.</summary>
    public IEnumerable<Option> OfBroker => [_store, _key];

    /// <summary>The options for recordings in a store.</summary>
    public IEnumerable<Option> OfRecordings => [_store, _key, _tenant];

    public string? Tenant(ParseResult parsed) => parsed.GetValue(_tenant);

    public string? Folder(ParseResult parsed) => parsed.GetValue(_store);

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_store) is not null || parsed.GetValue(_storeFile) is not null;

    public bool IsDatabase(ParseResult parsed) => parsed.GetValue(_store) is null;

    /// <summary>The options of the host's durable runs. The host resumes no run by itself. The caller disposes the store.</summary>
    /// <exception cref="UsageException">There is no store, or a key or the connection string is malformed.</exception>
    public DurableOptions Read(ParseResult parsed) => new() { Store = Open(parsed), Keys = Keys(parsed), Wakes = false };

    /// <summary>The recordings in the folder of the store.</summary>
    /// <exception cref="UsageException">There is no folder, or a key is malformed.</exception>
    public KeepRecordings ReadRecordings(ParseResult parsed) => new()
    {
        Store = RecordingStore.InFolder(Folder(parsed) ?? throw new UsageException("recordings need a place: give --store FOLDER.")),
        Keys = Keys(parsed),
    };

    /// <summary>The options of a broker's durable sessions; null without a folder and a database. The caller disposes the store.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="database">The connection string of the broker's database; null for none.</param>
    /// <exception cref="UsageException">A key or the connection string is malformed.</exception>
    public DurableOptions? ReadForBroker(ParseResult parsed, string? database)
    {
        RunStore? store = parsed.GetValue(_store) is { } folder ? RunStore.InFolder(folder) : database is null ? null : Open(database);
        return store is null ? null : new DurableOptions { Store = store, Keys = Keys(parsed) };
    }

    private RunStore Open(ParseResult parsed)
    {
        if (parsed.GetValue(_store) is { } folder)
            return parsed.GetValue(_storeFile) is null ? RunStore.InFolder(folder) : throw new UsageException("give --store or --store-file, not both.");
        string connection = SharedSecret.Read("--store-file", parsed.GetValue(_storeFile), SharedSecret.StoreVariable)
            ?? throw new UsageException("durable runs need a place: give --store FOLDER, or --store-file FILE for a database.");
        return Open(connection);
    }

    private static PostgreSqlRunStore Open(string connection)
    {
        try
        {
            return new PostgreSqlRunStore(connection);
        }
        catch (ArgumentException fault)
        {
            throw new UsageException($"the connection string of --store-file is malformed: {fault.Message}");
        }
    }

    private byte[][] Keys(ParseResult parsed)
    {
        string text = SharedSecret.Read("--store-key", parsed.GetValue(_key), KeyVariable) ?? "";
        return [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Key)];
    }

    private static byte[] Key(string text)
    {
        bool isKey = text.Length == 64 && text.All(char.IsAsciiHexDigit);
        return isKey ? Convert.FromHexString(text) : throw new UsageException(
            $"a key of durable runs has 64 hexadecimal digits; this one has {text.Length} characters. openssl rand -hex 32 makes one.");
    }
}
