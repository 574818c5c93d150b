using System.CommandLine;

namespace Enclave.Cli.Options;

/// <summary>The options of a server's certificate.</summary>
internal sealed class TlsOptionSet
{
    private readonly Option<string?> _certificate = new("--tls-certificate")
    {
        Description = "The file with the server's certificate in PEM, and behind it those of its issuers. It then speaks TLS. Read again when it changes. " +
            "Default: none, and everything crosses the network in clear.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new("--tls-key")
    {
        Description = "The file with the key of --tls-certificate in PEM, not encrypted.",
        HelpName = "FILE",
    };

    public IEnumerable<Option> All => [_certificate, _key];

    public string? Certificate(ParseResult parsed) => parsed.GetValue(_certificate);

    public string? Key(ParseResult parsed) => parsed.GetValue(_key);
}
