using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>
/// Recursive descent over the grammar of ECMA-262. The other parts of the parser (<see cref="Statements"/>, <see cref="Expressions"/>, <see cref="Types"/> and
/// more) have no state: they read from and write to this object.
/// </summary>
/// <remarks>All that reading changes is in the token, the state and the arenas. So a trial can be put back completely.</remarks>
internal sealed partial class ProgramParser : Tokenizer
{
    public readonly NodeStack Nodes = new();
    public readonly Arena<Label> Labels = new();
    public readonly DeclaredNames Scopes;
    public readonly PrivateUses PrivateUses = new();
    public readonly ExportedNames Exports = new();
    public readonly Arena<Identifier> LocalExports = new();
    public readonly Arena<EnumDraft> EnumDrafts = new();

    /// <summary>Ends of the operands in enums that a type was erased behind: the compiler does not look through those for a value.</summary>
    public readonly Arena<int> AssertedEnds = new();
    public readonly TrialMemory Memory = new();
    public ParserState State = ParserState.First;
    private readonly Arena<(int Offset, string Message)> _refused = new();
    private readonly Arena[] _arenas;

    public ProgramParser()
    {
        Scopes = new DeclaredNames(Names);
        _arenas = [Tokens, Comments, Nodes, Labels, Scopes, PrivateUses, Exports, LocalExports, EnumDrafts, AssertedEnds, _refused];
    }

    /// <summary>True if the text is TypeScript. Plain JavaScript pays one test of this wherever a type could begin.</summary>
    public bool IsTyped { get; private set; }

    public bool IsModule => Options.Goal == SourceGoal.Module;

    // 16.1 Scripts, 16.2 Modules.
    public ParseResult Parse(string source, ParserOptions options, SourceLanguage language, WorkMeter? meter)
    {
        Begin(source, options, language, meter);
        int mark = Nodes.Count;
        Statements.ParseDirectives(this);
        while (Token.Type != TokenType.End) PushStatement(Statements.ParseStatement(this, StatementPlace.Top));
        Modules.CheckExports(this);
        ImmutableArray<Statement> body = language == SourceLanguage.TypeScriptDeclarations ? [] : Nodes.Take<Statement>(mark);
        Program? program = Failed ? null : Enums.CompileEnums(this, new Program(0, Source.Length, body, options.Goal));
        ParseResult result = Failed
            ? new ParseResult { Errors = Errors(), Language = language }
            : new ParseResult
            {
                Program = program,
                Errors = Errors(),
                Language = language,
                Comments = [.. Comments.Items],
                Tokens = [.. Tokens.Items],
            };
        Forget();
        return result;
    }

    private void Begin(string source, ParserOptions options, SourceLanguage language, WorkMeter? meter)
    {
        IsTyped = language != SourceLanguage.JavaScript;
        State = ParserState.First;
        State.IsDescribed = language == SourceLanguage.TypeScriptDeclarations;
        State.Ambient = State.IsDescribed ? 1 : 0;
        Begin(source, options, meter);
        State.Function.Strict = IsModule || options.Mode == LanguageMode.Strict;
        State.Function.Context = TopLevelContext();
        Scopes.Begin(options.Goal);
        Scopes.Open(RegionKind.Top);
    }

    private SyntaxContext TopLevelContext()
    {
        SyntaxContext context = IsModule ? SyntaxContext.Await : SyntaxContext.None;
        if ((Options.TopLevel & TopLevel.Await) != 0) context |= SyntaxContext.Await;
        if ((Options.TopLevel & TopLevel.Return) != 0) context |= SyntaxContext.Return;
        if ((Options.TopLevel & TopLevel.NewTarget) != 0) context |= SyntaxContext.NewTarget;
        return context;
    }

    public bool Allows(SyntaxContext context) => (State.Function.Context & context) != 0;

    private void Forget()
    {
        Finish();
        State = ParserState.First;
        foreach (Arena arena in _arenas) arena.Clear();
        Memory.Clear();
    }

    // A statement of types only is dropped.
    public void PushStatement(Statement statement)
    {
        if (!ReferenceEquals(statement, Placeholder.Erased)) Nodes.Push(statement);
    }
}
