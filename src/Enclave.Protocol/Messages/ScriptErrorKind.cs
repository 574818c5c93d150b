namespace Enclave.Protocol.Messages;

/// <summary>The kinds of errors that end a script. The numbers are those of <c>ee_error_kind</c> in native/engine.h.</summary>
public enum ScriptErrorKind
{
    /// <summary>The script threw it.</summary>
    Thrown = 0,

    /// <summary>The engine did not accept the program.</summary>
    Syntax = 1,

    /// <summary>A tool failed, and the script did not catch it.</summary>
    Tool = 2,

    /// <summary>A value was too large, too deep, or of a kind that cannot be sent.</summary>
    Value = 3,

    /// <summary>The result was larger than allowed.</summary>
    Output = 4,

    /// <summary>The script waits for something that never happens.</summary>
    Stalled = 5,
}
