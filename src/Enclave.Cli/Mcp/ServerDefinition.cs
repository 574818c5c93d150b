using Enclave.Cli.Commands;
using Enclave.Mcp;

namespace Enclave.Cli.Mcp;

/// <summary>Reads <c>--server NAME=COMMAND</c>: a command line, whose parts may stand in quotes, or the address of a server.</summary>
internal static class ServerDefinition
{
    /// <exception cref="UsageException">It has another form.</exception>
    public static McpSourceOptions Read(string definition)
    {
        int equals = definition.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == definition.Length - 1) throw new UsageException($"--server is \"{definition}\"; it takes NAME=COMMAND or NAME=ADDRESS.");
        string name = definition[..equals], what = definition[(equals + 1)..];
        if (what.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || what.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(what, UriKind.Absolute, out Uri? address)
                ? new McpSourceOptions { Name = name, Address = address }
                : throw new UsageException($"--server {name}: \"{what}\" is not an address.");
        }

        string[] words = [.. Words(what)];
        if (words.Length == 0) throw new UsageException($"--server {name} names no program.");
        return new McpSourceOptions { Name = name, Command = new McpCommand(words[0]) { Arguments = words[1..] } };
    }

    /// <summary>At blanks, but not within quotes of either kind. No shell reads them: nothing is expanded.</summary>
    private static IEnumerable<string> Words(string line)
    {
        var word = new System.Text.StringBuilder();
        bool isWord = false;
        char quote = '\0';
        foreach (char letter in line)
        {
            if (quote != '\0')
            {
                if (letter == quote) quote = '\0';
                else word.Append(letter);
            }
            else if (letter is '"' or '\'')
            {
                (quote, isWord) = (letter, true);
            }
            else if (letter != ' ')
            {
                word.Append(letter);
                isWord = true;
            }
            else if (isWord)
            {
                yield return word.ToString();
                word.Clear();
                isWord = false;
            }
        }

        if (quote != '\0') throw new UsageException($"--server: a quote does not end in {line}");
        if (isWord) yield return word.ToString();
    }
}
