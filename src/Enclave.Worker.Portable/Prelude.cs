using System.Text;
using Microsoft.ClearScript;
using Microsoft.ClearScript.V8;

namespace Enclave.Worker.Portable;

/// <summary>
/// The text of everything that runs in a runtime before scripts do: Prelude/*.js around the files of Bootstrap, which the native worker has too.
/// </summary>
internal sealed class Prelude
{
    private static readonly string[] s_before = ["bridges.js", "language.js", "stacks.js", "values.js"];
    private static readonly string s_text = MakeText();

    private byte[]? _code;

    /// <summary>
    /// Returns the function of the prelude, which gives the functions of run.js, or undefined if <see cref="EngineScript"/> is unchanged. All later
    /// compilations use the code of the first one.
    /// </summary>
    public ScriptObject Evaluate(V8ScriptEngine engine)
    {
        DocumentInfo document = new("enclave:prelude") { Flags = DocumentFlags.None };
        V8Script script;
        if (_code is null) script = engine.Compile(document, s_text, V8CacheKind.Code, out _code);
        else script = engine.Compile(document, s_text, V8CacheKind.Code, _code, out _);
        using (script) return (ScriptObject)engine.Evaluate(script);
    }

    private static string MakeText()
    {
        var text = new StringBuilder("(function (callTool, emit, limit, refill, now, finish, fail, entropy) {\n'use strict';\n");
        text.Append("const { getPromiseState } = EngineInternal;\n");
        text.Append("if (!Reflect.deleteProperty(globalThis, 'EngineInternal')) return undefined;\n");
        text.Append("const bridges = ").Append(Read(s_before[0]))
            .Append("({ __proto__: null, callTool, emit, limit, refill, now, finish, fail, entropy, getPromiseState });\n");
        foreach (string file in s_before[1..]) text.Append(Read(file)).Append("(bridges);\n");
        string[] files = typeof(Prelude).Assembly.GetManifestResourceNames();
        IEnumerable<string> bootstrap = files.Where((name) => name.StartsWith("Bootstrap/", StringComparison.Ordinal));
        foreach (string file in bootstrap.Order(StringComparer.Ordinal)) text.Append(Read(file)).Append("(bridges);\n");
        return text.Append("return ").Append(Read("run.js")).Append("(bridges);\n})").ToString();
    }

    private static string Read(string name)
    {
        using Stream file = typeof(Prelude).Assembly.GetManifestResourceStream(name)!;
        string text = new StreamReader(file).ReadToEnd().TrimEnd();
        // A comment stands before the function.
        return text[text.IndexOf("\n(function", StringComparison.Ordinal)..].TrimStart();
    }
}
