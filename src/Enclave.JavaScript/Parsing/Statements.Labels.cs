using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Lexing;

namespace Enclave.JavaScript.Parsing;

/// <summary>Labels and jumps to them (ECMA-262 14.8, 14.9, 14.12, 14.13).</summary>
internal static partial class Statements
{
    // 14.13 Labelled Statements.
    private static LabeledStatement ParseLabelled(ProgramParser p, Identifier label, StatementPlace place)
    {
        for (int i = p.State.Function.FirstLabel; i < p.Labels.Count; i++)
        {
            if (ReferenceEquals(p.Labels[i].Name, label.Name)) p.EarlyError(label.Start, $"The label '{label.Name}' is already used around this statement");
        }

        p.Next();
        LabelKind kind = p.Token.Type switch
        {
            TokenType.Do or TokenType.While or TokenType.For => LabelKind.Loop,
            TokenType.Switch => LabelKind.Switch,
            _ => LabelKind.Statement,
        };
        // Labels of labels name the same loop.
        for (int i = p.Labels.Count - 1; i >= p.State.Function.FirstLabel && p.Labels[i].Statement == label.Start; i--)
            p.Labels[i] = p.Labels[i] with { Kind = kind, Statement = p.Token.Start };
        p.Labels.Add(new Label(label.Name, kind, p.Token.Start));
        Statement body = ParseStatement(p, place <= StatementPlace.List || place == StatementPlace.Labelled ? StatementPlace.Labelled : StatementPlace.Body);
        CloseLabel(p);
        return new LabeledStatement(label.Start, p.Token.LastEnd, body, label);
    }

    private static void OpenLabel(ProgramParser p, LabelKind kind) => p.Labels.Add(new Label(null, kind, -1));

    private static void CloseLabel(ProgramParser p) => p.Labels.CutTo(p.Labels.Count - 1);

    private static Statement ParseLoopBody(ProgramParser p)
    {
        OpenLabel(p, LabelKind.Loop);
        Statement body = ParseStatement(p, StatementPlace.Body);
        CloseLabel(p);
        return body;
    }

    // 14.9 The break Statement.
    private static BreakStatement ParseBreak(ProgramParser p)
    {
        int start = p.Token.Start;
        Identifier? label = ParseJumpLabel(p);
        if (!FindTarget(p, label, LabelKind.Statement) && !p.Failed) p.EarlyError(start, MissingTarget("break", label, "a loop or switch"));
        return new BreakStatement(start, p.Token.LastEnd, label);
    }

    // 14.8 The continue Statement.
    private static ContinueStatement ParseContinue(ProgramParser p)
    {
        int start = p.Token.Start;
        Identifier? label = ParseJumpLabel(p);
        if (!FindTarget(p, label, LabelKind.Loop) && !p.Failed) p.EarlyError(start, MissingTarget("continue", label, "a loop"));
        return new ContinueStatement(start, p.Token.LastEnd, label);
    }

    private static Identifier? ParseJumpLabel(ProgramParser p)
    {
        p.Next();
        Identifier? label = null;
        if (p.Token.Type != TokenType.Semicolon && !p.CanEndStatement) label = Identifiers.ParseIdentifier(p);
        p.Semicolon();
        return label;
    }

    private static string MissingTarget(string word, Identifier? label, string wanted) =>
        label is null ? $"'{word}' stands outside of {wanted}" : $"'{word} {label.Name}' names no label around it";

    private static bool FindTarget(ProgramParser p, Identifier? label, LabelKind kind)
    {
        for (int i = p.Labels.Count - 1; i >= p.State.Function.FirstLabel; i--)
        {
            Label candidate = p.Labels[i];
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
    private static SwitchStatement ParseSwitch(ProgramParser p)
    {
        int start = p.Token.Start;
        p.Next();
        Expression discriminant = ParseCondition(p);
        p.Expect(TokenType.LeftBrace);
        OpenLabel(p, LabelKind.Switch);
        p.Scopes.Open(RegionKind.Switch);
        int mark = p.Nodes.Count;
        bool sawDefault = false;
        while (p.Token.Type != TokenType.RightBrace && !p.Failed)
        {
            if (p.Token.Type == TokenType.Default)
            {
                if (sawDefault) p.EarlyError(p.Token.Start, "A switch has at most one default clause");
                sawDefault = true;
            }

            if (p.Token.Type is TokenType.Case or TokenType.Default) p.Nodes.Push(ParseSwitchCase(p));
            else p.Unexpected("'case', 'default' or '}'");
        }

        ImmutableArray<SwitchCase> cases = p.Nodes.Take<SwitchCase>(mark);
        p.Scopes.Close();
        CloseLabel(p);
        p.Next();
        return new SwitchStatement(start, p.Token.LastEnd, discriminant, cases);
    }

    private static SwitchCase ParseSwitchCase(ProgramParser p)
    {
        int start = p.Token.Start;
        bool isDefault = p.Token.Type == TokenType.Default;
        p.Next();
        Expression? test = isDefault ? null : Expressions.ParseExpression(p);
        p.Expect(TokenType.Colon);
        int mark = p.Nodes.Count;
        while (p.Token.Type is not (TokenType.Case or TokenType.Default or TokenType.RightBrace) && !p.Failed)
        {
            if (p.Token.Type == TokenType.End) p.Unexpected("'}'");
            else p.PushStatement(ParseStatement(p, StatementPlace.List));
        }

        return new SwitchCase(start, p.Token.LastEnd, p.Nodes.Take<Statement>(mark), test);
    }
}
