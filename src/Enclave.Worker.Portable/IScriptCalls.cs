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
    /// <param name="kind">A <see cref="Enclave.Protocol.Messages.ScriptErrorKind"/>.</param>
    /// <param name="name">The error's name.</param>
    /// <param name="message">Its message.</param>
    /// <param name="stack">Lines of the script's own code.</param>
    /// <param name="tool">The failed tool.</param>
    /// <param name="code">The code of the failure, or of the error.</param>
    /// <param name="causes">Each cause in one line: its length, a semicolon, its text.</param>
    /// <param name="errors">The errors of an <c>AggregateError</c>, in the same form.</param>
    void Fail(int kind, string name, string message, string stack, string tool, string code, string causes = "", string errors = "");

    /// <summary>The worker itself failed while a script called it. The script gets no details.</summary>
    void Fault(Exception fault);
}
