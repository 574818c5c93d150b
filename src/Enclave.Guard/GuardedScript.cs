using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Printing;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Guard;

/// <summary>An accepted script: the text that runs, and the map from its places back to the user's text.</summary>
internal sealed class GuardedScript(string source, Program program, PrintResult printed, ImmutableArray<string> tools)
{
    // Bytes of syntax tree per character of text, measured (docs/javascript.md).
    private const int TreeBytesPerCharacter = 7;

    private LineMap? _lines;
    private byte[]? _codeHash;
    private int _ran;
    private int _firstLine = 1;
    private ScopeTree? _scopes;
    private GuardedScript? _withTools;
    private WeakReference<LoopedScript>? _looped;

    /// <summary>The user's text.</summary>
    public string Source { get; } = source;

    /// <summary>The user's tree.</summary>
    public Program Program { get; } = program;

    /// <summary>The text that the engine runs.</summary>
    public string Code { get; private init; } = printed.Text;

    /// <summary>SHA-256 of <see cref="Code"/>.</summary>
    public ReadOnlySpan<byte> CodeHash => _codeHash ??= SHA256.HashData(MemoryMarshal.AsBytes(Code.AsSpan()));

    /// <summary>Marks the script as run. Returns true if it had run before.</summary>
    public bool RunsAgain() => Interlocked.Exchange(ref _ran, 1) != 0;

    /// <summary>Names of the tools that the text names, each once.</summary>
    public ImmutableArray<string> Tools { get; } = tools;

    /// <summary>True if the script uses the global <c>tools</c> in another way than to call its members by their names.</summary>
    public bool UsesTools { get; init; }

    /// <summary>True if the text has async functions, globals that give promises, or a return without a value: something may be lost.</summary>
    public bool MayLose { get; init; }

    /// <summary>Hints for names that do not exist, by name.</summary>
    public ImmutableDictionary<string, string> Hints { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The scopes of the tree. They are kept until they are taken once, because a script stays in the cache much longer.</summary>
    public ScopeTree TakeScopes() => Interlocked.Exchange(ref _scopes, null) ?? ScopeAnalysis.Analyze(Program);

    /// <summary>Keeps the scopes until a caller takes them.</summary>
    public GuardedScript WithScopes(ScopeTree scopes)
    {
        _scopes = scopes;
        return this;
    }

    /// <summary>The approximate memory that the script takes while it is cached.</summary>
    public long Bytes => ((long)Source.Length * (2 + TreeBytesPerCharacter)) + ((long)Code.Length * (UsesTools ? 4 : 2)) + (printed.Map.Count * 12L);

    /// <summary>Maps a place in the text that runs to the user's text. Null for places before the user's code.</summary>
    /// <param name="line">Line, from 1.</param>
    /// <param name="column">Column, from 0.</param>
    public SourcePosition? Original(int line, int column) => line < _firstLine ? null : printed.Map.Original(line - _firstLine + 1, column);

    /// <summary>Wraps the script in text of the host's own. The text before it must end with a line end. Places still map to the user's text.</summary>
    public GuardedScript Within(string before, string after) =>
        new(Source, Program, printed, Tools)
        {
            Hints = Hints,
            UsesTools = UsesTools,
            MayLose = MayLose,
            Code = before + Code + after,
            _firstLine = _firstLine + before.Count((c) => c == '\n'),
        };

    /// <summary>The script after text that makes the value of <c>tools</c>, which is the same each time.</summary>
    public GuardedScript WithTools(string before) => _withTools ??= Within(before, "");

    /// <summary>The script as a loop over many inputs (<see cref="InputLoop"/>). It is kept until memory is collected.</summary>
    /// <param name="input">The name by which the script reads its input.</param>
    public GuardedScript OverInputs(string input)
    {
        if (_looped is not null && _looped.TryGetTarget(out LoopedScript? known) && known.Input == input) return known.Script;
        var made = new LoopedScript(input, InputLoop.Over(this, input));
        _looped = new WeakReference<LoopedScript>(made);
        return made.Script;
    }

    /// <summary>The line of an offset in the user's text. Null if the worker names an offset that does not exist.</summary>
    public int? LineOf(long offset) => offset >= 0 && offset <= Source.Length ? (_lines ??= new LineMap(Source)).At((int)offset).Line : null;

    private sealed record LoopedScript(string Input, GuardedScript Script);
}
