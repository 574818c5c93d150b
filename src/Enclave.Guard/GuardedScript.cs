using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.Guard.Transforms;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Text;

namespace Enclave.Guard;

/// <summary>An accepted script: the text that runs, and the way from its places back to the user's.</summary>
public sealed class GuardedScript(string source, Program program, PrintResult printed, ImmutableArray<string> tools)
{
    // What a node of a tree takes for each character of its text, measured (docs/javascript.md).
    private const int TreeBytesPerCharacter = 7;

    private LineMap? _lines;
    private byte[]? _codeHash;
    private int _ran;
    private int _firstLine = 1;

    /// <summary>The user's text.</summary>
    public string Source { get; } = source;

    /// <summary>The user's tree.</summary>
    public Program Program { get; } = program;

    /// <summary>What the engine gets.</summary>
    public string Code { get; private init; } = printed.Text;

    /// <summary>SHA-256 of <see cref="Code"/>.</summary>
    public ReadOnlySpan<byte> CodeHash => _codeHash ??= SHA256.HashData(MemoryMarshal.AsBytes(Code.AsSpan()));

    /// <summary>Notes that it is run; whether it had been before.</summary>
    public bool RunsAgain() => Interlocked.Exchange(ref _ran, 1) != 0;

    /// <summary>Names of tools that stand in the text, each once.</summary>
    public ImmutableArray<string> Tools { get; } = tools;

    /// <summary>What was remarked on names that are not there: name to hint.</summary>
    public ImmutableDictionary<string, string> Hints { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Its calls of tools through namespaces, whose names are known before it runs.</summary>
    public ImmutableArray<NamespaceCall> NamespaceCalls { get; init; } = [];

    /// <summary>What it takes to keep it, about.</summary>
    public long Bytes => ((long)Source.Length * (2 + TreeBytesPerCharacter)) + ((long)Code.Length * 2) + (printed.Map.Count * 12L);

    /// <summary>The place in the user's text of a place in the text that runs; null in front of the first one.</summary>
    /// <param name="line">Line, from 1.</param>
    /// <param name="column">Column, from 0.</param>
    public SourcePosition? Original(int line, int column) => line < _firstLine ? null : printed.Map.Original(line - _firstLine + 1, column);

    /// <summary>The same script inside text of the host's own, which ends the line before it; its places still lead to the user's.</summary>
    public GuardedScript Within(string before, string after) =>
        new(Source, Program, printed, Tools)
        {
            Hints = Hints,
            NamespaceCalls = NamespaceCalls,
            Code = before + Code + after,
            _firstLine = _firstLine + before.Count((c) => c == '\n'),
        };

    /// <summary>The line of an offset in the user's text; null if the worker names one that does not exist.</summary>
    public int? LineOf(long offset) => offset >= 0 && offset <= Source.Length ? (_lines ??= new LineMap(Source)).At((int)offset).Line : null;
}
