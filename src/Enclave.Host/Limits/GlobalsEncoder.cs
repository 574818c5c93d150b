using System.Buffers;
using Enclave.Protocol.Codec;
using Enclave.Protocol.Frames;
using Enclave.Protocol.Values;

namespace Enclave.Limits;

/// <summary>Checks and encodes the globals of a run. Functions cannot cross, so globals are data.</summary>
internal static class GlobalsEncoder
{
    /// <summary>The global with the names of the tools, for scripts that use <c>tools</c> as a value. Applications may not set it.</summary>
    public const string ToolNames = "__ag_tools";

    private static readonly HashSet<string> s_taken = new(StringComparer.Ordinal)
    {
        "__proto__", "constructor", "prototype", "globalThis", "undefined", "NaN", "Infinity", "callTool", "parallel", "console",
    };

    /// <summary>Words that no variable of a strict function may be named by. A script could not even be parsed beside such a global.</summary>
    private static readonly HashSet<string> s_words = new(StringComparer.Ordinal)
    {
        "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete", "do", "else", "enum", "eval", "export",
        "extends", "false", "finally", "for", "function", "if", "implements", "import", "in", "instanceof", "interface", "let", "new", "null", "package",
        "private", "protected", "public", "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with",
        "yield",
    };

    public static byte[] Empty { get; } = [0x80];

    /// <summary>Encodes the globals that an application gives.</summary>
    /// <exception cref="ArgumentException">A name is taken or reserved, or a value is not data.</exception>
    public static byte[] Encode(IReadOnlyDictionary<string, object?>? host, IReadOnlyDictionary<string, object?>? run)
    {
        if (host is not { Count: > 0 } && run is not { Count: > 0 }) return Empty;
        var merged = new Dictionary<string, object?>(StringComparer.Ordinal);
        Add(merged, host);
        Add(merged, run);
        foreach (string name in merged.Keys) CheckName(name);
        return Write(merged);
    }

    /// <summary>Encodes all globals of a run that a recording or a journal keeps: the names of its tools may be among them.</summary>
    /// <exception cref="ArgumentException">A name is taken or reserved, or a value is not data.</exception>
    public static byte[] EncodeKept(IReadOnlyDictionary<string, object?>? globals)
    {
        if (globals is not { Count: > 0 }) return Empty;
        foreach (string name in globals.Keys.Where((name) => name != ToolNames)) CheckName(name);
        return Write(globals);
    }

    private static byte[] Write(IReadOnlyDictionary<string, object?> globals)
    {
        var buffer = new FrameBuffer();
        try
        {
            var writer = new MessagePackWriter(buffer);
            writer.WriteMapHeader(globals.Count);
            foreach ((string name, object? value) in globals)
            {
                writer.WriteString(name);
                Write(writer, name, value);
            }

            return buffer.Written.ToArray();
        }
        finally
        {
            buffer.Release();
        }
    }

    /// <summary>Reads encoded globals. Callers may change what they get.</summary>
    public static Dictionary<string, object?> Decode(ReadOnlyMemory<byte> globals) =>
        ScriptValueCodec.Decode(new ReadOnlySequence<byte>(globals), ValueLimits.Widest).Properties
            .ToDictionary((global) => global.Key, (global) => (object?)global.Value, StringComparer.Ordinal);

    private static void Add(Dictionary<string, object?> merged, IReadOnlyDictionary<string, object?>? globals)
    {
        if (globals is null) return;
        foreach ((string name, object? value) in globals) merged[name] = value;
    }

    private static void Write(MessagePackWriter writer, string name, object? value)
    {
        try
        {
            ScriptValueCodec.WriteObject(writer, value);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"Globals[\"{name}\"] is not data: {fault.Message}", fault);
        }
    }

    /// <exception cref="ArgumentException">The name is taken or reserved.</exception>
    public static void CheckName(string name)
    {
        if (!IsIdentifier(name)) throw new ArgumentException($"Globals has the name \"{name}\"; a global is named by an identifier of 1 to 100 characters.");
        if (s_words.Contains(name)) throw new ArgumentException($"Globals has the name \"{name}\", a word of the language that cannot name a variable.");
        if (s_taken.Contains(name) || name.StartsWith("__safe_", StringComparison.Ordinal) || name.StartsWith("__ag_", StringComparison.Ordinal))
        {
            throw new ArgumentException($"Globals has the name \"{name}\", which is reserved.");
        }
    }

    private static bool IsIdentifier(string name)
    {
        if (name.Length is 0 or > 100 || char.IsAsciiDigit(name[0])) return false;
        foreach (char c in name)
        {
            if (!char.IsLetterOrDigit(c) && c != '_' && c != '$') return false;
        }

        return true;
    }
}
