using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

internal sealed partial class TreePrinter
{
    private void PrintIf(IfStatement statement)
    {
        EnsureStack();
        while (true)
        {
            Word("if", statement);
            PrintCondition(statement.Test);
            if (statement.Alternate is null)
            {
                PrintNested(statement.Consequent);
                return;
            }

            // 14.6: else belongs to the nearest if without one.
            if (EndsWithOpenIf(statement.Consequent)) PrintBraced(statement.Consequent);
            else PrintNested(statement.Consequent);
            if (Last != '}') NewLine();
            else Blank();
            Write("else");
            if (statement.Alternate is not IfStatement next)
            {
                PrintNested(statement.Alternate);
                return;
            }

            Write(' ');
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

    private void PrintCondition(Expression test)
    {
        Blank();
        Write('(');
        Print(test, Level.Sequence);
        Write(')');
    }

    /// <summary>Prints the body of another statement.</summary>
    private void PrintNested(Statement statement)
    {
        switch (statement)
        {
            case BlockStatement block:
                Blank();
                PrintBlock(block);
                return;
            case EmptyStatement:
                Write(';');
                return;
            // 14.6, 14.7: parsed text never has a declaration here, but a rewriter may add one.
            case ClassDeclaration or VariableDeclaration { VariableKind: not VariableKind.Var }:
                PrintBraced(statement);
                return;
        }

        if (IsReadable)
        {
            _indent++;
            NewLine();
            PrintStatement(statement);
            _indent--;
            return;
        }

        // Behind else and do. Done here, so that the statement begins behind the blank.
        SeparateWord();
        PrintStatement(statement);
    }

    private void PrintBraced(Statement statement)
    {
        Blank();
        OpenBrace();
        NewLine();
        PrintStatement(statement);
        CloseBrace();
    }

    private void PrintFor(ForStatement statement)
    {
        PrintForKeyword(statement);
        _headStart = _length;
        if (statement.Init is VariableDeclaration declaration) PrintVariables(declaration, ExpressionPosition.ForHead);
        else if (statement.Init is Expression init) Print(init, Level.Sequence, ExpressionPosition.ForHead);
        Write(';');
        if (statement.Test is not null)
        {
            Blank();
            Print(statement.Test, Level.Sequence);
        }

        Write(';');
        if (statement.Update is not null)
        {
            Blank();
            Print(statement.Update, Level.Sequence);
        }

        Write(')');
        PrintNested(statement.Body);
    }

    private void PrintForKeyword(Statement statement)
    {
        Word("for", statement);
        Blank();
        Write('(');
    }

    private void PrintForIn(ForInStatement statement)
    {
        PrintForKeyword(statement);
        PrintForTarget(statement.Left);
        Blank();
        Word("in");
        Blank();
        Print(statement.Right, Level.Sequence);
        Write(')');
        PrintNested(statement.Body);
    }

    private void PrintForOf(ForOfStatement statement)
    {
        Word("for", statement);
        if (statement.IsAwait) Write(" await");
        Blank();
        Write('(');
        // 14.7.5: "async of" would begin an arrow function. V8 also reads "a.async of" so.
        if (EndsWithAsync(statement.Left)) PrintParenthesized((Expression)statement.Left);
        else PrintForTarget(statement.Left);
        Blank();
        Word("of");
        Blank();
        Print(statement.Right, Level.Assignment);
        Write(')');
        PrintNested(statement.Body);
    }

    private static bool EndsWithAsync(Node target) =>
        target is Identifier { Name: "async" } or MemberExpression { IsComputed: false, Property: Identifier { Name: "async" } };

    private void PrintForTarget(Node target)
    {
        _headStart = _length;
        if (target is VariableDeclaration declaration) PrintVariables(declaration, ExpressionPosition.ForHead);
        else PrintTarget(target);
    }

    private void PrintWhile(WhileStatement statement)
    {
        Word("while", statement);
        PrintCondition(statement.Test);
        PrintNested(statement.Body);
    }

    private void PrintDoWhile(DoWhileStatement statement)
    {
        Word("do", statement);
        PrintNested(statement.Body);
        if (statement.Body is BlockStatement) Blank();
        else NewLine();
        Write("while");
        PrintCondition(statement.Test);
        Semicolon();
    }

    private void PrintWith(WithStatement statement)
    {
        Word("with", statement);
        PrintCondition(statement.Object);
        PrintNested(statement.Body);
    }

    private void PrintSwitch(SwitchStatement statement)
    {
        Word("switch", statement);
        PrintCondition(statement.Discriminant);
        Blank();
        OpenBrace();
        foreach (SwitchCase clause in statement.Cases)
        {
            NewLine();
            PrintCase(clause);
        }

        CloseBrace();
    }

    private void PrintCase(SwitchCase clause)
    {
        if (clause.Test is null)
        {
            Word("default", clause);
        }
        else
        {
            Word("case", clause);
            Blank();
            Print(clause.Test, Level.Sequence);
        }

        Write(':');
        _indent++;
        foreach (Statement statement in clause.Consequent)
        {
            NewLine();
            PrintStatement(statement);
        }

        _indent--;
    }

    private void PrintTry(TryStatement statement)
    {
        Word("try", statement);
        Blank();
        PrintBlock(statement.Block);
        if (statement.Handler is not null)
        {
            Blank();
            PrintCatch(statement.Handler);
        }

        if (statement.Finalizer is null) return;
        Blank();
        Write("finally");
        Blank();
        PrintBlock(statement.Finalizer);
    }

    private void PrintCatch(CatchClause clause)
    {
        Word("catch", clause);
        if (clause.Param is not null)
        {
            Blank();
            Write('(');
            PrintTarget(clause.Param);
            Write(')');
        }

        Blank();
        PrintBlock(clause.Body);
    }

    private void PrintLabeled(LabeledStatement statement)
    {
        PrintName(statement.Label);
        Write(':');
        Blank();
        PrintStatement(statement.Body);
    }
}
