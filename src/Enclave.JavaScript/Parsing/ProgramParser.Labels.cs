using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Labels and jumps to them (ECMA-262 14.8, 14.9, 14.12, 14.13).</summary>
internal sealed partial class ProgramParser
{
    /// <summary>The statements around this place that break or continue can refer to, the innermost last.</summary>
    private readonly List<Label> _labels = [];

    /// <summary>Labels below this belong to the functions around this one.</summary>
    private int _firstLabel;

    private enum LabelKind : byte
    {
        /// <summary>A label of a statement that is neither a loop nor a switch.</summary>
        Statement,
        Loop,
        Switch,
    }

    private record struct Label(string? Name, LabelKind Kind, int Statement);

    // 14.13 Labelled Statements.
    private LabeledStatement ParseLabelled(Identifier label, StatementPlace place)
    {
        for (int i = _firstLabel; i < _labels.Count; i++)
        {
            if (ReferenceEquals(_labels[i].Name, label.Name)) EarlyError(label.Start, $"The label '{label.Name}' is already used around this statement");
        }

        Next();
        LabelKind kind = Type switch
        {
            TokenType.Do or TokenType.While or TokenType.For => LabelKind.Loop,
            TokenType.Switch => LabelKind.Switch,
            _ => LabelKind.Statement,
        };
        // Labels of labels name the same loop.
        for (int i = _labels.Count - 1; i >= _firstLabel && _labels[i].Statement == label.Start; i--)
            _labels[i] = _labels[i] with { Kind = kind, Statement = Start };
        _labels.Add(new Label(label.Name, kind, Start));
        Statement body = ParseStatement(place <= StatementPlace.List || place == StatementPlace.Labelled ? StatementPlace.Labelled : StatementPlace.Body);
        CloseLabel();
        return new LabeledStatement(label.Start, LastEnd, body, label);
    }

    private void OpenLabel(LabelKind kind) => _labels.Add(new Label(null, kind, -1));

    private void CloseLabel() => _labels.RemoveAt(_labels.Count - 1);

    private Statement ParseLoopBody()
    {
        OpenLabel(LabelKind.Loop);
        Statement body = ParseStatement(StatementPlace.Body);
        CloseLabel();
        return body;
    }

    // 14.9 The break Statement.
    private BreakStatement ParseBreak()
    {
        int start = Start;
        Identifier? label = ParseJumpLabel();
        if (!FindTarget(label, LabelKind.Statement) && !Failed) EarlyError(start, MissingTarget("break", label, "a loop or switch"));
        return new BreakStatement(start, LastEnd, label);
    }

    // 14.8 The continue Statement.
    private ContinueStatement ParseContinue()
    {
        int start = Start;
        Identifier? label = ParseJumpLabel();
        if (!FindTarget(label, LabelKind.Loop) && !Failed) EarlyError(start, MissingTarget("continue", label, "a loop"));
        return new ContinueStatement(start, LastEnd, label);
    }

    private Identifier? ParseJumpLabel()
    {
        Next();
        Identifier? label = null;
        if (Type != TokenType.Semicolon && !CanEndStatement) label = ParseIdentifier();
        Semicolon();
        return label;
    }

    private static string MissingTarget(string word, Identifier? label, string wanted) =>
        label is null ? $"'{word}' stands outside of {wanted}" : $"'{word} {label.Name}' names no statement around it that it could mean";

    private bool FindTarget(Identifier? label, LabelKind kind)
    {
        for (int i = _labels.Count - 1; i >= _firstLabel; i--)
        {
            Label candidate = _labels[i];
            if (label is not null)
            {
                if (!ReferenceEquals(candidate.Name, label.Name)) continue;
                return kind == LabelKind.Statement || candidate.Kind == LabelKind.Loop;
            }

            if (candidate.Kind == LabelKind.Loop || (kind == LabelKind.Statement && candidate.Kind == LabelKind.Switch)) return true;
        }

        return false;
    }

    // 14.12 The switch Statement.
    private SwitchStatement ParseSwitch()
    {
        int start = Start;
        Next();
        Expression discriminant = ParseCondition();
        Expect(TokenType.LeftBrace);
        OpenLabel(LabelKind.Switch);
        OpenScope(ScopeKind.Switch);
        int mark = _nodeCount;
        bool sawDefault = false;
        while (Type != TokenType.RightBrace && !Failed)
        {
            if (Type == TokenType.Default)
            {
                if (sawDefault) EarlyError(Start, "A switch has at most one default clause");
                sawDefault = true;
            }

            if (Type is TokenType.Case or TokenType.Default) Push(ParseSwitchCase());
            else Unexpected("'case', 'default' or '}'");
        }

        ImmutableArray<SwitchCase> cases = Take<SwitchCase>(mark);
        CloseScope();
        CloseLabel();
        Next();
        return new SwitchStatement(start, LastEnd, discriminant, cases);
    }

    private SwitchCase ParseSwitchCase()
    {
        int start = Start;
        bool isDefault = Type == TokenType.Default;
        Next();
        Expression? test = isDefault ? null : ParseExpression();
        Expect(TokenType.Colon);
        int mark = _nodeCount;
        while (Type is not (TokenType.Case or TokenType.Default or TokenType.RightBrace) && !Failed)
        {
            if (Type == TokenType.End) Unexpected("'}'");
            else PushStatement(ParseStatement(StatementPlace.List));
        }

        return new SwitchCase(start, LastEnd, Take<Statement>(mark), test);
    }
}
