using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Labels and jumps to them (ECMA-262 14.8, 14.9, 14.12, 14.13).</summary>
internal sealed partial class ProgramParser
{
    // 14.13 Labelled Statements.
    private LabeledStatement ParseLabelled(Identifier label, StatementPlace place)
    {
        for (int i = State.Function.FirstLabel; i < Labels.Count; i++)
        {
            if (ReferenceEquals(Labels[i].Name, label.Name)) EarlyError(label.Start, $"The label '{label.Name}' is already used around this statement");
        }

        Next();
        LabelKind kind = Token.Type switch
        {
            TokenType.Do or TokenType.While or TokenType.For => LabelKind.Loop,
            TokenType.Switch => LabelKind.Switch,
            _ => LabelKind.Statement,
        };
        // Labels of labels name the same loop.
        for (int i = Labels.Count - 1; i >= State.Function.FirstLabel && Labels[i].Statement == label.Start; i--)
            Labels[i] = Labels[i] with { Kind = kind, Statement = Token.Start };
        Labels.Add(new Label(label.Name, kind, Token.Start));
        Statement body = ParseStatement(place <= StatementPlace.List || place == StatementPlace.Labelled ? StatementPlace.Labelled : StatementPlace.Body);
        CloseLabel();
        return new LabeledStatement(label.Start, Token.LastEnd, body, label);
    }

    private void OpenLabel(LabelKind kind) => Labels.Add(new Label(null, kind, -1));

    private void CloseLabel() => Labels.CutTo(Labels.Count - 1);

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
        int start = Token.Start;
        Identifier? label = ParseJumpLabel();
        if (!FindTarget(label, LabelKind.Statement) && !Failed) EarlyError(start, MissingTarget("break", label, "a loop or switch"));
        return new BreakStatement(start, Token.LastEnd, label);
    }

    // 14.8 The continue Statement.
    private ContinueStatement ParseContinue()
    {
        int start = Token.Start;
        Identifier? label = ParseJumpLabel();
        if (!FindTarget(label, LabelKind.Loop) && !Failed) EarlyError(start, MissingTarget("continue", label, "a loop"));
        return new ContinueStatement(start, Token.LastEnd, label);
    }

    private Identifier? ParseJumpLabel()
    {
        Next();
        Identifier? label = null;
        if (Token.Type != TokenType.Semicolon && !CanEndStatement) label = ParseIdentifier();
        Semicolon();
        return label;
    }

    private static string MissingTarget(string word, Identifier? label, string wanted) =>
        label is null ? $"'{word}' stands outside of {wanted}" : $"'{word} {label.Name}' names no statement around it that it could mean";

    private bool FindTarget(Identifier? label, LabelKind kind)
    {
        for (int i = Labels.Count - 1; i >= State.Function.FirstLabel; i--)
        {
            Label candidate = Labels[i];
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
        int start = Token.Start;
        Next();
        Expression discriminant = ParseCondition();
        Expect(TokenType.LeftBrace);
        OpenLabel(LabelKind.Switch);
        Scopes.Open(RegionKind.Switch);
        int mark = Nodes.Count;
        bool sawDefault = false;
        while (Token.Type != TokenType.RightBrace && !Failed)
        {
            if (Token.Type == TokenType.Default)
            {
                if (sawDefault) EarlyError(Token.Start, "A switch has at most one default clause");
                sawDefault = true;
            }

            if (Token.Type is TokenType.Case or TokenType.Default) Nodes.Push(ParseSwitchCase());
            else Unexpected("'case', 'default' or '}'");
        }

        ImmutableArray<SwitchCase> cases = Nodes.Take<SwitchCase>(mark);
        Scopes.Close();
        CloseLabel();
        Next();
        return new SwitchStatement(start, Token.LastEnd, discriminant, cases);
    }

    private SwitchCase ParseSwitchCase()
    {
        int start = Token.Start;
        bool isDefault = Token.Type == TokenType.Default;
        Next();
        Expression? test = isDefault ? null : ParseExpression();
        Expect(TokenType.Colon);
        int mark = Nodes.Count;
        while (Token.Type is not (TokenType.Case or TokenType.Default or TokenType.RightBrace) && !Failed)
        {
            if (Token.Type == TokenType.End) Unexpected("'}'");
            else PushStatement(ParseStatement(StatementPlace.List));
        }

        return new SwitchCase(start, Token.LastEnd, Nodes.Take<Statement>(mark), test);
    }
}
