using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ClearScript.V8;

namespace Enclave.Worker.Portable;

/// <summary>
/// Lets the prelude delete <c>EngineInternal</c>, a global that ClearScript's own script leaves in every engine and that no script can delete.
/// </summary>
/// <remarks>
/// It holds functions of ClearScript and the constructor of asynchronous generators, which makes code from strings. ClearScript has no setting for it. Its
/// script is a constant: the text in memory gets <c>configurable: true</c> in the place of white space. If a later version has another text, the prelude
/// cannot delete the global, and the worker does not start.
/// </remarks>
internal static class EngineScript
{
    private const string Field = "initScript";
    private const string Found = "'EngineInternal', { value: (globalObject => {\r\n\r\n                const bind";
    private const string Wanted = "'EngineInternal', { configurable: true, value: (globalObject => {const bind";

    /// <summary>
    /// Changes the text in memory. .NET makes the string of a constant anew whenever it compiles the method again, so an engine may still get the old text: the
    /// code that creates an engine checks whether the prelude could delete the global.
    /// </summary>
    public static void MakeGlobalDeletable()
    {
        FieldInfo? field = typeof(V8ScriptEngine).GetField(Field, BindingFlags.NonPublic | BindingFlags.Static);
        if (field is not { IsLiteral: true } || field.GetRawConstantValue() is not string constant) return;
        int at = constant.IndexOf(Found, StringComparison.Ordinal);
        if (at < 0) return;
        Memory<char> text = MemoryMarshal.AsMemory(string.Intern(constant).AsMemory(at, Found.Length));
        Wanted.PadRight(Found.Length).CopyTo(text.Span);
    }
}
