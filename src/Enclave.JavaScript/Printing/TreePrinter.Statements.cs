using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

internal sealed partial class TreePrinter
{
    private void PrintProgram(Program program)
    {
        PrintBody(program.Body);
        if (IsReadable && _length > 0) Write('\n');
    }

    private void PrintBlock(BlockStatement block)
    {
        EnsureStack();
        OpenBrace();
        foreach (Statement statement in block.Body)
        {
            NewLine();
            PrintStatement(statement);
        }

        CloseBrace();
    }

    private void PrintFunctionBody(BlockStatement body)
    {
        EnsureStack();
        OpenBrace();
        PrintBody(body.Body);
        CloseBrace();
    }

    /// <summary>Prints statements that may begin with directives (ECMA-262 11.2.1).</summary>
    private void PrintBody(ImmutableArray<Statement> body)
    {
        bool inPrologue = true;
        foreach (Statement statement in body)
        {
            if (_length > 0) NewLine();
            if (inPrologue && statement is ExpressionStatement { Directive: null, Expression: StringLiteral text })
            {
                // A string that was not a directive must not become one.
                Mark(statement.Start);
                PrintParenthesized(text);
                Semicolon();
            }
            else
            {
                PrintStatement(statement);
            }

            inPrologue = inPrologue && statement is ExpressionStatement { Directive: not null };
        }
    }

    private void PrintStatement(Statement statement)
    {
        _meter?.Step();
        switch (statement.Kind)
        {
            case NodeKind.ExpressionStatement: PrintExpressionStatement((ExpressionStatement)statement); return;
            case NodeKind.BlockStatement: PrintBlock((BlockStatement)statement); return;
            case NodeKind.VariableDeclaration:
                PrintVariables((VariableDeclaration)statement, ExpressionPosition.Anywhere);
                Semicolon();
                return;
            case NodeKind.ReturnStatement: PrintLeave(statement, "return", ((ReturnStatement)statement).Argument); return;
            case NodeKind.IfStatement: PrintIf((IfStatement)statement); return;
            case NodeKind.FunctionDeclaration: PrintFunction(statement, (FunctionDeclaration)statement); return;
            case NodeKind.ClassDeclaration: PrintClass(statement, (ClassDeclaration)statement); return;
            case NodeKind.ThrowStatement: PrintLeave(statement, "throw", ((ThrowStatement)statement).Argument); return;
            case NodeKind.BreakStatement: PrintLeave(statement, "break", ((BreakStatement)statement).Label); return;
            case NodeKind.ContinueStatement: PrintLeave(statement, "continue", ((ContinueStatement)statement).Label); return;
            case NodeKind.EmptyStatement: Write(';'); return;
            case NodeKind.DebuggerStatement:
                Word("debugger", statement);
                Semicolon();
                return;
            case NodeKind.ImportDeclaration or NodeKind.ExportNamedDeclaration or NodeKind.ExportDefaultDeclaration or NodeKind.ExportAllDeclaration:
                PrintModuleItem(statement);
                return;
            default: PrintCompound(statement); return;
        }
    }

    private void PrintCompound(Statement statement)
    {
        EnsureStack();
        switch (statement.Kind)
        {
            case NodeKind.ForStatement: PrintFor((ForStatement)statement); break;
            case NodeKind.ForInStatement: PrintForIn((ForInStatement)statement); break;
            case NodeKind.ForOfStatement: PrintForOf((ForOfStatement)statement); break;
            case NodeKind.WhileStatement: PrintWhile((WhileStatement)statement); break;
            case NodeKind.DoWhileStatement: PrintDoWhile((DoWhileStatement)statement); break;
            case NodeKind.SwitchStatement: PrintSwitch((SwitchStatement)statement); break;
            case NodeKind.TryStatement: PrintTry((TryStatement)statement); break;
            case NodeKind.LabeledStatement: PrintLabeled((LabeledStatement)statement); break;
            case NodeKind.WithStatement: PrintWith((WithStatement)statement); break;
            default: throw new InvalidOperationException($"{statement.Kind} is not a statement");
        }
    }

    private void PrintExpressionStatement(ExpressionStatement statement)
    {
        Mark(statement.Start);
        if (statement.Directive is { } directive)
        {
            char quote = Checked.DirectiveQuote(directive);
            Write(quote);
            Write(directive);
            Write(quote);
        }
        else
        {
            _statementStart = _length;
            Print(statement.Expression, Level.Sequence);
        }

        Semicolon();
    }

    /// <summary>A keyword with an optional operand, on one line: a line end between them would end the statement (12.10.1).</summary>
    private void PrintLeave(Statement statement, string keyword, Expression? operand)
    {
        Word(keyword, statement);
        if (operand is not null)
        {
            Blank();
            Print(operand, Level.Sequence);
        }

        Semicolon();
    }

    private void PrintVariables(VariableDeclaration declaration, ExpressionPosition position)
    {
        Word(declaration.VariableKind.Text(), declaration);
        Blank();
        bool first = true;
        foreach (VariableDeclarator declarator in declaration.Declarations)
        {
            if (!first) Comma();
            first = false;
            PrintDeclarator(declarator, position);
        }
    }

    private void PrintDeclarator(VariableDeclarator declarator, ExpressionPosition position)
    {
        PrintTarget(declarator.Id);
        if (declarator.Init is null) return;
        PrintEquals();
        Print(declarator.Init, Level.Assignment, position);
    }

    private void PrintEquals()
    {
        Blank();
        Write('=');
        Blank();
    }
}
