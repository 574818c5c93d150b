using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;
using Enclave.JavaScript.Text;

namespace Enclave.JavaScript.Parsing;

/// <summary>Recursive descent over the grammar of ECMA-262, one file for each group of productions.</summary>
internal sealed partial class ProgramParser : Tokenizer
{
    private const int Arenas = 11;

    // What reading changes is in these three: the token (see Tokenizer), the state, and the arenas.
    private ParserState State = ParserState.First;
    private readonly Arena[] _arenas;
    private readonly NodeStack Nodes = new();
    private readonly Arena<Label> Labels = new();
    private readonly DeclaredNames Scopes;
    private readonly PrivateNames PrivateNames = new();
    private readonly ExportedNames Exports = new();
    private readonly Arena<Identifier> LocalExports = new();
    private readonly Arena<EnumDraft> Enums = new();
    private readonly Arena<int> AssertedEnds = new();
    private readonly Arena<(int Offset, string Message)> Refused = new();
    private readonly TrialMemory Memory = new();

    public ProgramParser()
    {
        Scopes = new DeclaredNames(Names);
        _arenas = [Tokens, Comments, Nodes, Labels, Scopes, PrivateNames, Exports, LocalExports, Enums, AssertedEnds, Refused];
    }

    /// <summary>True if the text is TypeScript. Plain JavaScript pays one test of this wherever a type could begin.</summary>
    private bool IsTyped { get; set; }

    private bool IsModule => Options.Goal == SourceGoal.Module;

    // 16.1 Scripts, 16.2 Modules.
    public ParseResult Parse(string source, ParserOptions options, SourceLanguage language, WorkMeter? meter)
    {
        Begin(source, options, language, meter);
        int mark = Nodes.Count;
        ParseDirectives();
        while (Token.Type != TokenType.End) PushStatement(ParseStatement(StatementPlace.Top));
        CheckExports();
        ImmutableArray<Statement> body = language == SourceLanguage.TypeScriptDeclarations ? [] : Nodes.Take<Statement>(mark);
        Program? program = Failed ? null : CompileEnums(new Program(0, Source.Length, body, options.Goal));
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

    private bool Allows(SyntaxContext context) => (State.Function.Context & context) != 0;

    private void Forget()
    {
        Finish();
        State = ParserState.First;
        foreach (Arena arena in _arenas) arena.Clear();
        Memory.Clear();
    }

    // A statement of types only is dropped.
    private void PushStatement(Statement statement)
    {
        if (!ReferenceEquals(statement, s_erased)) Nodes.Push(statement);
    }
}
