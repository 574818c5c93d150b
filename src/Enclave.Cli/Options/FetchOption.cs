using System.CommandLine;
using Enclave.Cli.Commands;
using Enclave.Fetch;

namespace Enclave.Cli.Options;

/// <summary>The option that gives scripts fetch, of the commands that run them here.</summary>
internal sealed class FetchOption
{
    private readonly Option<string[]> _origins = new("--fetch")
    {
        Description = "An origin that scripts may ask with fetch; may be repeated. Methods may stand before it: 'GET,POST https://api.example.com'. "
            + "Default: GET and HEAD. https://*.example.com is every host below example.com. Without this option there is no fetch.",
        HelpName = "ORIGIN",
        DefaultValueFactory = (_) => [],
    };

    public Option Option => _origins;

    /// <exception cref="UsageException">An origin is malformed.</exception>
    public FetchOptions? Read(ParseResult parsed)
    {
        string[] given = parsed.GetValue(_origins)!;
        if (given.Length == 0) return null;
        var options = new FetchOptions { Origins = [.. given.Select(Origin)] };
        try
        {
            FetchOptionsCheck.Check(options);
            return options;
        }
        catch (ArgumentException fault)
        {
            throw new UsageException($"--fetch: {fault.Message}");
        }
    }

    private static FetchOrigin Origin(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            [var origin] => new FetchOrigin { Origin = origin },
            [var methods, var origin] => new FetchOrigin { Origin = origin, Methods = methods.ToUpperInvariant().Split(',') },
            _ => throw new UsageException($"--fetch {text}: it must be an origin, as https://api.example.com, or 'GET,POST https://api.example.com'."),
        };
    }
}
