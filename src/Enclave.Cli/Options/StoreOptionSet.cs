using System.CommandLine;
using Enclave.Cli.Commands;

namespace Enclave.Cli.Options;

/// <summary>The options that name a store of durable runs, of every command that has them.</summary>
internal sealed class StoreOptionSet
{
    private const string KeyVariable = "ENCLAVE_JOURNAL_KEY";

    private readonly Option<string?> _store = new("--store") { Description = "The folder of durable runs. It is created.", HelpName = "FOLDER" };

    private readonly Option<string?> _key = new("--store-key")
    {
        Description = $"A file with the key that seals the runs: 64 hexadecimal digits; further lines hold older keys. Default: {KeyVariable}, or no key.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _tenant = new("--tenant") { Description = "The tenant of the run. Default: none.", HelpName = "NAME" };

    public IEnumerable<Option> All => [_store, _key, _tenant];

    public string? Tenant(ParseResult parsed) => parsed.GetValue(_tenant);

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_store) is not null;

    /// <summary>The options of the host's durable runs. It resumes none by itself.</summary>
    /// <exception cref="UsageException">There is no folder, or a key is malformed.</exception>
    public DurableOptions Read(ParseResult parsed)
    {
        string folder = parsed.GetValue(_store) ?? throw new UsageException("durable runs need a place: give --store FOLDER.");
        string text = SharedSecret.Read("--store-key", parsed.GetValue(_key), KeyVariable) ?? "";
        return new DurableOptions
        {
            Store = RunStore.InFolder(folder),
            Keys = [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Key)],
            Wakes = false,
        };
    }

    private static byte[] Key(string text)
    {
        bool isKey = text.Length == 64 && text.All(char.IsAsciiHexDigit);
        return isKey ? Convert.FromHexString(text) : throw new UsageException(
            $"a key of durable runs has 64 hexadecimal digits; this one has {text.Length} characters. openssl rand -hex 32 makes one.");
    }
}
