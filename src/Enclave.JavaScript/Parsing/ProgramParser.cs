using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>Recursive descent over the grammar of ECMA-262, one file for each group of productions.</summary>
internal sealed partial class ProgramParser : Tokenizer
{
    private const int KeptNodes = 4096;
    private Node?[] _nodes = new Node?[256];
    private int _nodeCount;
    private Context _context;
    private bool _strict;

    /// <summary>The syntax that is allowed at a place (the parameters of the grammar, ECMA-262 5.1.5, and the code around the place).</summary>
    [Flags]
    private enum Context : ushort
    {
        None = 0,

        /// <summary>yield is an operator.</summary>
        Yield = 1,

        /// <summary>await is an operator.</summary>
        Await = 2,

        /// <summary>return is a statement.</summary>
        Return = 4,
        NewTarget = 8,
        SuperProperty = 16,
        SuperCall = 32,

        /// <summary>arguments cannot be used: a field's initial value or a static block (15.7.1).</summary>
        NoArguments = 64,

        /// <summary>await cannot be used, not even as a name: directly in a static block (15.7.1).</summary>
        NoAwait = 128,

        /// <summary>The values of an enum: this, arguments, await and yield cannot be used.</summary>
        Enum = 256,

        /// <summary>The flags that arrow functions inherit from the code around them.</summary>
        Inherited = NewTarget | SuperProperty | SuperCall | NoArguments | Enum,
    }

    private bool IsModule => Options.Goal == SourceGoal.Module;

    // 16.1 Scripts, 16.2 Modules.
    public ParseResult Parse(string source, ParserOptions options, SourceLanguage language, WorkMeter? meter)
    {
        BeginTypes(language);
        Begin(source, options, meter);
        BeginScopes();
        _depth = _chain = 0;
        _arrowAt = -1;
        _yieldAt = _awaitAt = _awaitNameAt = 0;
        _strict = IsModule || options.Mode == LanguageMode.Strict;
        _context = TopLevelContext();
        OpenScope(ScopeKind.Top);
        int mark = _nodeCount;
        ParseDirectives();
        while (Type != TokenType.End) PushStatement(ParseStatement(StatementPlace.Top));
        CheckExports();
        ImmutableArray<Statement> body = language == SourceLanguage.TypeScriptDeclarations ? [] : Take<Statement>(mark);
        Program? program = Failed ? null : CompileEnums(new Program(0, Source.Length, body, options.Goal));
        ParseResult result = Failed
            ? new ParseResult { Errors = Errors(), Language = language }
            : new ParseResult
            {
                Program = program,
                Errors = Errors(),
                Language = language,
                Comments = CollectedComments,
                Tokens = CollectedTokens,
            };
        EndScopes();
        EndTypes();
        Forget();
        return result;
    }

    private Context TopLevelContext()
    {
        Context context = IsModule ? Context.Await : Context.None;
        if ((Options.TopLevel & TopLevel.Await) != 0) context |= Context.Await;
        if ((Options.TopLevel & TopLevel.Return) != 0) context |= Context.Return;
        if ((Options.TopLevel & TopLevel.NewTarget) != 0) context |= Context.NewTarget;
        return context;
    }

    private bool Allows(Context context) => (_context & context) != 0;

    private void Forget()
    {
        Finish();
        _nodeCount = 0;
        if (_nodes.Length > KeptNodes) _nodes = new Node?[256];
        else Array.Clear(_nodes);
    }

    private void Push(Node? node)
    {
        if (_nodeCount == _nodes.Length) Array.Resize(ref _nodes, _nodeCount * 2);
        _nodes[_nodeCount++] = node;
    }

    // A statement of types only is dropped.
    private void PushStatement(Statement statement)
    {
        if (!ReferenceEquals(statement, s_erased)) Push(statement);
    }

    /// <summary>The nodes pushed since the mark, as a list of their class.</summary>
    private ImmutableArray<T> Take<T>(int mark) where T : Node?
    {
        int count = _nodeCount - mark;
        if (count == 0) return [];
        var items = new T[count];
        // Only nodes of class T were pushed, so the check of each store can be skipped.
        _nodes.AsSpan(mark, count).CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<T, Node?>(ref MemoryMarshal.GetArrayDataReference(items)), count));
        _nodeCount = mark;
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }
}
