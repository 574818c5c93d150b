namespace Enclave.Recording;

/// <summary>Follows the replay of a traced program. Calls come one after another, in the order in which things happened.</summary>
internal interface IReplayWatch
{
    /// <summary>Takes a line of the trace. Returns false for a line of the script's own.</summary>
    bool Takes(ConsoleEvent line);

    /// <summary>The script called a tool, or wrote a line.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="number">Its place among the calls and lines of the run, from 0.</param>
    void Happened(ExecutionEvent happened, int number);

    /// <summary>The replay differs from its recording from here on.</summary>
    void Strayed();
}
