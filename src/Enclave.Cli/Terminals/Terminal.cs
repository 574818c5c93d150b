using System.Text;

namespace Enclave.Cli.Terminals;

/// <summary>The output of a command.</summary>
internal sealed class Terminal(Channel output, Channel error)
{
    public Channel Output { get; } = output;

    public Channel Error { get; } = error;

    /// <summary>The channels of this process. Colours are used for a terminal unless refused (no-color.org).</summary>
    public static Terminal OfProcess()
    {
        bool colours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new Terminal(
            Open(Console.OpenStandardOutput(), !Console.IsOutputRedirected, colours),
            Open(Console.OpenStandardError(), !Console.IsErrorRedirected, colours));
    }

    /// <summary>Prints a failure of the command itself, as opposed to the script.</summary>
    public void Fail(string message) => Error.WriteLine($"enclave: {message}", Ink.Error);

    private static Channel Open(Stream stream, bool isTerminal, bool colours)
    {
        var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };
        return new Channel(TextWriter.Synchronized(writer), isTerminal, isTerminal && colours);
    }
}
