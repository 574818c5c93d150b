using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

internal static partial class StatementPrinter
{
    private static void PrintIf(TreePrinter p, IfStatement statement)
    {
        TreePrinter.EnsureStack();
        while (true)
        {
            p.Word("if", statement);
            PrintCondition(p, statement.Test);
            if (statement.Alternate is null)
            {
                PrintNested(p, statement.Consequent);
                return;
            }

            // 14.6: else belongs to the nearest if without one.
            if (EndsWithOpenIf(statement.Consequent)) PrintBraced(p, statement.Consequent);
            else PrintNested(p, statement.Consequent);
            if (p.Last != '}') p.NewLine();
            else p.Blank();
            p.Write("else");
            if (statement.Alternate is not IfStatement next)
            {
                PrintNested(p, statement.Alternate);
                return;
            }

            p.Write(' ');
            statement = next;
        }
    }

    /// <summary>True if an else after the statement would belong to an if within it.</summary>
    private static bool EndsWithOpenIf(Statement statement)
    {
        while (true)
        {
            switch (statement)
            {
                case IfStatement { Alternate: null }: return true;
                case IfStatement branch: statement = branch.Alternate; break;
                case ForStatement loop: statement = loop.Body; break;
                case ForInStatement loop: statement = loop.Body; break;
                case ForOfStatement loop: statement = loop.Body; break;
                case WhileStatement loop: statement = loop.Body; break;
                case WithStatement with: statement = with.Body; break;
                case LabeledStatement labeled: statement = labeled.Body; break;
                default: return false;
            }
        }
    }

    private static void PrintCondition(TreePrinter p, Expression test)
    {
        p.Blank();
        p.Write('(');
        ExpressionPrinter.Print(p, test, Level.Sequence);
        p.Write(')');
    }

    /// <summary>Prints the body of another statement.</summary>
    private static void PrintNested(TreePrinter p, Statement statement)
    {
        switch (statement)
        {
            case BlockStatement block:
                p.Blank();
                PrintBlock(p, block);
                return;
            case EmptyStatement:
                p.Write(';');
                return;
            // 14.6, 14.7: parsed text never has a declaration here, but a rewriter may add one.
            case ClassDeclaration or VariableDeclaration { VariableKind: not VariableKind.Var }:
                PrintBraced(p, statement);
                return;
        }

        if (p.IsReadable)
        {
            p.Indent++;
            p.NewLine();
            PrintStatement(p, statement);
            p.Indent--;
            return;
        }

        // Behind else and do. Done here, so that the statement begins behind the blank.
        p.SeparateWord();
        PrintStatement(p, statement);
    }

    private static void PrintBraced(TreePrinter p, Statement statement)
    {
        p.Blank();
        p.OpenBrace();
        p.NewLine();
        PrintStatement(p, statement);
        p.CloseBrace();
    }

    private static void PrintFor(TreePrinter p, ForStatement statement)
    {
        PrintForKeyword(p, statement);
        p.HeadStart = p.Length;
        if (statement.Init is VariableDeclaration declaration) PrintVariables(p, declaration, ExpressionPosition.ForHead);
        else if (statement.Init is Expression init) ExpressionPrinter.Print(p, init, Level.Sequence, ExpressionPosition.ForHead);
        p.Write(';');
        if (statement.Test is not null)
        {
            p.Blank();
            ExpressionPrinter.Print(p, statement.Test, Level.Sequence);
        }

        p.Write(';');
        if (statement.Update is not null)
        {
            p.Blank();
            ExpressionPrinter.Print(p, statement.Update, Level.Sequence);
        }

        p.Write(')');
        PrintNested(p, statement.Body);
    }

    private static void PrintForKeyword(TreePrinter p, Statement statement)
    {
        p.Word("for", statement);
        p.Blank();
        p.Write('(');
    }

    private static void PrintForIn(TreePrinter p, ForInStatement statement)
    {
        PrintForKeyword(p, statement);
        PrintForTarget(p, statement.Left);
        p.Blank();
        p.Word("in");
        p.Blank();
        ExpressionPrinter.Print(p, statement.Right, Level.Sequence);
        p.Write(')');
        PrintNested(p, statement.Body);
    }

    private static void PrintForOf(TreePrinter p, ForOfStatement statement)
    {
        p.Word("for", statement);
        if (statement.IsAwait) p.Write(" await");
        p.Blank();
        p.Write('(');
        // 14.7.5: "async of" would begin an arrow function. V8 also reads "a.async of" so.
        if (EndsWithAsync(statement.Left)) ExpressionPrinter.PrintParenthesized(p, (Expression)statement.Left);
        else PrintForTarget(p, statement.Left);
        p.Blank();
        p.Word("of");
        p.Blank();
        ExpressionPrinter.Print(p, statement.Right, Level.Assignment);
        p.Write(')');
        PrintNested(p, statement.Body);
    }

    private static bool EndsWithAsync(Node target) =>
        target is Identifier { Name: "async" } or MemberExpression { IsComputed: false, Property: Identifier { Name: "async" } };

    private static void PrintForTarget(TreePrinter p, Node target)
    {
        p.HeadStart = p.Length;
        if (target is VariableDeclaration declaration) PrintVariables(p, declaration, ExpressionPosition.ForHead);
        else ObjectPrinter.PrintTarget(p, target);
    }

    private static void PrintWhile(TreePrinter p, WhileStatement statement)
    {
        p.Word("while", statement);
        PrintCondition(p, statement.Test);
        PrintNested(p, statement.Body);
    }

    private static void PrintDoWhile(TreePrinter p, DoWhileStatement statement)
    {
        p.Word("do", statement);
        PrintNested(p, statement.Body);
        if (statement.Body is BlockStatement) p.Blank();
        else p.NewLine();
        p.Write("while");
        PrintCondition(p, statement.Test);
        p.Semicolon();
    }

    private static void PrintWith(TreePrinter p, WithStatement statement)
    {
        p.Word("with", statement);
        PrintCondition(p, statement.Object);
        PrintNested(p, statement.Body);
    }

    private static void PrintSwitch(TreePrinter p, SwitchStatement statement)
    {
        p.Word("switch", statement);
        PrintCondition(p, statement.Discriminant);
        p.Blank();
        p.OpenBrace();
        foreach (SwitchCase clause in statement.Cases)
        {
            p.NewLine();
            PrintCase(p, clause);
        }

        p.CloseBrace();
    }

    public static void PrintCase(TreePrinter p, SwitchCase clause)
    {
        if (clause.Test is null)
        {
            p.Word("default", clause);
        }
        else
        {
            p.Word("case", clause);
            p.Blank();
            ExpressionPrinter.Print(p, clause.Test, Level.Sequence);
        }

        p.Write(':');
        p.Indent++;
        foreach (Statement statement in clause.Consequent)
        {
            p.NewLine();
            PrintStatement(p, statement);
        }

        p.Indent--;
    }

    private static void PrintTry(TreePrinter p, TryStatement statement)
    {
        p.Word("try", statement);
        p.Blank();
        PrintBlock(p, statement.Block);
        if (statement.Handler is not null)
        {
            p.Blank();
            PrintCatch(p, statement.Handler);
        }

        if (statement.Finalizer is null) return;
        p.Blank();
        p.Write("finally");
        p.Blank();
        PrintBlock(p, statement.Finalizer);
    }

    public static void PrintCatch(TreePrinter p, CatchClause clause)
    {
        p.Word("catch", clause);
        if (clause.Param is not null)
        {
            p.Blank();
            p.Write('(');
            ObjectPrinter.PrintTarget(p, clause.Param);
            p.Write(')');
        }

        p.Blank();
        PrintBlock(p, clause.Body);
    }

    private static void PrintLabeled(TreePrinter p, LabeledStatement statement)
    {
        LiteralPrinter.PrintName(p, statement.Label);
        p.Write(':');
        p.Blank();
        PrintStatement(p, statement.Body);
    }
}
