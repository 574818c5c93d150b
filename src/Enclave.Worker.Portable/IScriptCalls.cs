namespace Enclave.Worker.Portable;

/// <summary>Receives what a script does: the effects of the run that has the runtime.</summary>
internal interface IScriptCalls
{
    /// <summary>Returns 0; or the limit of the arguments' bytes if they are above it.</summary>
    int CallTool(uint id, string name, ReadOnlySpan<char> arguments);

    /// <param name="level">The level of docs/protocol.md.</param>
    /// <param name="text">The line, or its beginning.</param>
    /// <param name="wholeLength">The characters of the whole line.</param>
    void WriteLine(int level, ReadOnlySpan<char> text, long wholeLength);

    /// <summary>Ends the run: a loop, or all together, reached the limit of iterations.</summary>
    void LimitIterations(double total, double where);

    /// <summary>The run ended with this value.</summary>
    void Finish(ReadOnlySpan<char> value);

    /// <summary>The run ended with this error. Empty texts mean none.</summary>
    void Fail(int kind, string name, string message, string stack, string tool, string code);

    /// <summary>The worker itself failed while a script called it. Nothing of it reaches the script.</summary>
    void Fault(Exception fault);
}
