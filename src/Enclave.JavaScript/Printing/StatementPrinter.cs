using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Statements, and the bodies of programs and functions.</summary>
internal static partial class StatementPrinter
{
    public static void PrintProgram(TreePrinter p, Program program)
    {
        PrintBody(p, program.Body);
        if (p.IsReadable && p.Length > 0) p.Write('\n');
    }

    private static void PrintBlock(TreePrinter p, BlockStatement block)
    {
        TreePrinter.EnsureStack();
        p.OpenBrace();
        foreach (Statement statement in block.Body)
        {
            p.NewLine();
            PrintStatement(p, statement);
        }

        p.CloseBrace();
    }

    public static void PrintFunctionBody(TreePrinter p, BlockStatement body)
    {
        TreePrinter.EnsureStack();
        p.OpenBrace();
        PrintBody(p, body.Body);
        p.CloseBrace();
    }

    /// <summary>Prints statements that may begin with directives (ECMA-262 11.2.1).</summary>
    private static void PrintBody(TreePrinter p, ImmutableArray<Statement> body)
    {
        bool inPrologue = true;
        foreach (Statement statement in body)
        {
            if (p.Length > 0) p.NewLine();
            if (inPrologue && statement is ExpressionStatement { Directive: null, Expression: StringLiteral text })
            {
                // A string that was not a directive must not become one.
                p.Mark(statement.Start);
                ExpressionPrinter.PrintParenthesized(p, text);
                p.Semicolon();
            }
            else
            {
                PrintStatement(p, statement);
            }

            inPrologue = inPrologue && statement is ExpressionStatement { Directive: not null };
        }
    }

    public static void PrintStatement(TreePrinter p, Statement statement)
    {
        p.Meter?.Step();
        switch (statement.Kind)
        {
            case NodeKind.ExpressionStatement: PrintExpressionStatement(p, (ExpressionStatement)statement); return;
            case NodeKind.BlockStatement: PrintBlock(p, (BlockStatement)statement); return;
            case NodeKind.VariableDeclaration:
                PrintVariables(p, (VariableDeclaration)statement, ExpressionPosition.Anywhere);
                p.Semicolon();
                return;
            case NodeKind.ReturnStatement: PrintLeave(p, statement, "return", ((ReturnStatement)statement).Argument); return;
            case NodeKind.IfStatement: PrintIf(p, (IfStatement)statement); return;
            case NodeKind.FunctionDeclaration: FunctionPrinter.PrintFunction(p, statement, (FunctionDeclaration)statement); return;
            case NodeKind.ClassDeclaration: FunctionPrinter.PrintClass(p, statement, (ClassDeclaration)statement); return;
            case NodeKind.ThrowStatement: PrintLeave(p, statement, "throw", ((ThrowStatement)statement).Argument); return;
            case NodeKind.BreakStatement: PrintLeave(p, statement, "break", ((BreakStatement)statement).Label); return;
            case NodeKind.ContinueStatement: PrintLeave(p, statement, "continue", ((ContinueStatement)statement).Label); return;
            case NodeKind.EmptyStatement: p.Write(';'); return;
            case NodeKind.DebuggerStatement:
                p.Word("debugger", statement);
                p.Semicolon();
                return;
            case NodeKind.ImportDeclaration or NodeKind.ExportNamedDeclaration or NodeKind.ExportDefaultDeclaration or NodeKind.ExportAllDeclaration:
                ModulePrinter.PrintModuleItem(p, statement);
                return;
            default: PrintCompound(p, statement); return;
        }
    }

    private static void PrintCompound(TreePrinter p, Statement statement)
    {
        TreePrinter.EnsureStack();
        switch (statement.Kind)
        {
            case NodeKind.ForStatement: PrintFor(p, (ForStatement)statement); break;
            case NodeKind.ForInStatement: PrintForIn(p, (ForInStatement)statement); break;
            case NodeKind.ForOfStatement: PrintForOf(p, (ForOfStatement)statement); break;
            case NodeKind.WhileStatement: PrintWhile(p, (WhileStatement)statement); break;
            case NodeKind.DoWhileStatement: PrintDoWhile(p, (DoWhileStatement)statement); break;
            case NodeKind.SwitchStatement: PrintSwitch(p, (SwitchStatement)statement); break;
            case NodeKind.TryStatement: PrintTry(p, (TryStatement)statement); break;
            case NodeKind.LabeledStatement: PrintLabeled(p, (LabeledStatement)statement); break;
            case NodeKind.WithStatement: PrintWith(p, (WithStatement)statement); break;
            default: throw new InvalidOperationException($"{statement.Kind} is not a statement");
        }
    }

    private static void PrintExpressionStatement(TreePrinter p, ExpressionStatement statement)
    {
        p.Mark(statement.Start);
        if (statement.Directive is { } directive)
        {
            char quote = Checked.DirectiveQuote(directive);
            p.Write(quote);
            p.Write(directive);
            p.Write(quote);
        }
        else
        {
            p.StatementStart = p.Length;
            ExpressionPrinter.Print(p, statement.Expression, Level.Sequence);
        }

        p.Semicolon();
    }

    /// <summary>A keyword with an optional operand, on one line: a line end between them would end the statement (12.10.1).</summary>
    private static void PrintLeave(TreePrinter p, Statement statement, string keyword, Expression? operand)
    {
        p.Word(keyword, statement);
        if (operand is not null)
        {
            p.Blank();
            ExpressionPrinter.Print(p, operand, Level.Sequence);
        }

        p.Semicolon();
    }

    private static void PrintVariables(TreePrinter p, VariableDeclaration declaration, ExpressionPosition position)
    {
        p.Word(declaration.VariableKind.Text(), declaration);
        p.Blank();
        bool first = true;
        foreach (VariableDeclarator declarator in declaration.Declarations)
        {
            if (!first) p.Comma();
            first = false;
            PrintDeclarator(p, declarator, position);
        }
    }

    public static void PrintDeclarator(TreePrinter p, VariableDeclarator declarator, ExpressionPosition position)
    {
        ObjectPrinter.PrintTarget(p, declarator.Id);
        if (declarator.Init is null) return;
        PrintEquals(p);
        ExpressionPrinter.Print(p, declarator.Init, Level.Assignment, position);
    }

    public static void PrintEquals(TreePrinter p)
    {
        p.Blank();
        p.Write('=');
        p.Blank();
    }
}
