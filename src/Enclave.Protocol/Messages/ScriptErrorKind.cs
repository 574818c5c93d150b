namespace Enclave.Protocol.Messages;

/// <summary>The kinds of errors that end a script. The numbers are those of <c>ee_error_kind</c> in native/engine.h.</summary>
internal enum ScriptErrorKind
{
    Thrown = 0,
    Syntax = 1,
    Tool = 2,
    Value = 3,
    Output = 4,
    Stalled = 5,
}
