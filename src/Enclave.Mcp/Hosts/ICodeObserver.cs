namespace Enclave.Mcp;

/// <summary>Notified of the steps of a script while it runs.</summary>
public interface ICodeObserver
{
    /// <summary>The script called a tool.</summary>
    ValueTask OnToolCallAsync(string name, CancellationToken cancellationToken);

    /// <summary>A tool that the script called reports its progress. Nothing happens by default.</summary>
    /// <param name="name">The tool.</param>
    /// <param name="message">The tool's present step; null if it gave none.</param>
    /// <param name="fraction">The finished part, 0 to 1; null if it gave none.</param>
    /// <param name="cancellationToken">Cancels the notification.</param>
    ValueTask OnToolProgressAsync(string name, string? message, double? fraction, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The script wrote a line, or a part of one, to its console.</summary>
    ValueTask OnConsoleAsync(ConsoleLevel level, string text, CancellationToken cancellationToken);
}
