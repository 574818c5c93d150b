namespace Enclave.Mcp;

/// <summary>Notified of the steps of a script while it runs.</summary>
public interface ICodeObserver
{
    /// <summary>The script called a tool.</summary>
    ValueTask OnToolCallAsync(string name, CancellationToken cancellationToken);

    /// <summary>The script wrote a line, or a part of one, to its console.</summary>
    ValueTask OnConsoleAsync(ConsoleLevel level, string text, CancellationToken cancellationToken);
}
