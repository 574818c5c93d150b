using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Expressions, with the parentheses that their places need.</summary>
internal static partial class ExpressionPrinter
{
    public static void Print(TreePrinter p, Expression node, Level level, ExpressionPosition position = ExpressionPosition.Anywhere)
    {
        p.Meter?.Step();
        switch (node.Kind)
        {
            case NodeKind.Identifier: LiteralPrinter.PrintIdentifier(p, (Identifier)node); return;
            case NodeKind.StringLiteral: LiteralPrinter.PrintString(p, (StringLiteral)node); return;
            case NodeKind.NumberLiteral when Precedence.Of(node) >= level: LiteralPrinter.PrintNumber(p, (NumberLiteral)node); return;
            case NodeKind.ThisExpression: p.Word("this", node); return;
            case NodeKind.NullLiteral: p.Word("null", node); return;
            case NodeKind.BooleanLiteral: p.Word(((BooleanLiteral)node).Value ? "true" : "false", node); return;
        }

        if (Precedence.NeedsParentheses(node, level, position)) PrintParenthesized(p, node);
        else PrintBare(p, node, level, position);
    }

    public static void PrintParenthesized(TreePrinter p, Expression node)
    {
        p.Write('(');
        PrintBare(p, node, Level.Sequence, ExpressionPosition.Anywhere);
        p.Write(')');
    }

    private static void PrintBare(TreePrinter p, Expression node, Level level, ExpressionPosition position)
    {
        TreePrinter.EnsureStack();
        switch (node.Kind)
        {
            case NodeKind.MemberExpression or NodeKind.CallExpression or NodeKind.TaggedTemplateExpression: PrintAccesses(p, node, level); break;
            case NodeKind.BinaryExpression or NodeKind.LogicalExpression: PrintOperators(p, node, position); break;
            case NodeKind.AssignmentExpression: PrintAssignments(p, (AssignmentExpression)node, position); break;
            case NodeKind.FunctionExpression: FunctionPrinter.PrintFunctionExpression(p, (FunctionExpression)node); break;
            case NodeKind.ArrowFunctionExpression: FunctionPrinter.PrintArrow(p, (ArrowFunctionExpression)node, position); break;
            case NodeKind.ObjectExpression: ObjectPrinter.PrintObjectExpression(p, (ObjectExpression)node); break;
            case NodeKind.ArrayExpression: ObjectPrinter.PrintArray(p, node, ((ArrayExpression)node).Elements); break;
            case NodeKind.UnaryExpression: PrintUnary(p, (UnaryExpression)node); break;
            case NodeKind.UpdateExpression: PrintUpdate(p, (UpdateExpression)node); break;
            case NodeKind.ConditionalExpression: PrintConditionals(p, (ConditionalExpression)node, position); break;
            case NodeKind.NewExpression: PrintNew(p, (NewExpression)node); break;
            case NodeKind.SequenceExpression: PrintSequence(p, (SequenceExpression)node, position); break;
            case NodeKind.TemplateLiteral: LiteralPrinter.PrintTemplate(p, (TemplateLiteral)node); break;
            case NodeKind.SpreadElement: PrintSpread(p, node, ((SpreadElement)node).Argument); break;
            case NodeKind.ChainExpression: PrintBare(p, ((ChainExpression)node).Expression, Level.LeftHandSide, position); break;
            case NodeKind.YieldExpression: PrintYield(p, (YieldExpression)node, position); break;
            case NodeKind.AwaitExpression: PrintAwait(p, (AwaitExpression)node); break;
            case NodeKind.ClassExpression: FunctionPrinter.PrintClassExpression(p, (ClassExpression)node); break;
            default: PrintRare(p, node); break;
        }
    }

    private static void PrintRare(TreePrinter p, Expression node)
    {
        switch (node.Kind)
        {
            case NodeKind.Identifier: LiteralPrinter.PrintIdentifier(p, (Identifier)node); break;
            case NodeKind.NumberLiteral: LiteralPrinter.PrintNumber(p, (NumberLiteral)node); break;
            case NodeKind.RegExpLiteral: LiteralPrinter.PrintRegExp(p, (RegExpLiteral)node); break;
            case NodeKind.BigIntLiteral: LiteralPrinter.PrintBigInt(p, (BigIntLiteral)node); break;
            case NodeKind.PrivateIdentifier: LiteralPrinter.PrintPrivateName(p, (PrivateIdentifier)node); break;
            case NodeKind.Super: p.Word("super", node); break;
            case NodeKind.ImportExpression: PrintImportCall(p, (ImportExpression)node); break;
            case NodeKind.MetaProperty:
                LiteralPrinter.PrintName(p, ((MetaProperty)node).Meta);
                p.Write('.');
                LiteralPrinter.PrintName(p, ((MetaProperty)node).Property);
                break;
            default: Print(p, node, Level.Sequence); break;
        }
    }

    private static void PrintArguments(TreePrinter p, ImmutableArray<Expression> arguments)
    {
        p.Write('(');
        bool first = true;
        foreach (Expression argument in arguments)
        {
            if (!first) p.Comma();
            first = false;
            Print(p, argument, Level.Assignment);
        }

        p.Write(')');
    }

    private static void PrintNew(TreePrinter p, NewExpression node)
    {
        p.Word("new", node);
        p.Blank();
        Print(p, node.Callee, Level.Member);
        PrintArguments(p, node.Arguments);
    }

    private static void PrintImportCall(TreePrinter p, ImportExpression node)
    {
        p.Word("import", node);
        p.Write('(');
        Print(p, node.Source, Level.Assignment);
        if (node.Options is not null)
        {
            p.Comma();
            Print(p, node.Options, Level.Assignment);
        }

        p.Write(')');
    }

    private static void PrintUnary(TreePrinter p, UnaryExpression node)
    {
        if (node.Operator >= UnaryOperator.TypeOf)
        {
            p.Word(node.Operator.Text(), node);
            p.Blank();
        }
        else
        {
            char first = node.Operator.Text()[0];
            p.SeparateOperator(first);
            p.Mark(node.Start);
            p.Write(first);
        }

        Print(p, node.Argument, Level.Unary);
    }

    private static void PrintUpdate(TreePrinter p, UpdateExpression node)
    {
        string text = node.Operator.Text();
        if (node.IsPrefix)
        {
            p.SeparateOperator(text[0]);
            p.Mark(node.Start);
            p.Write(text);
            Print(p, node.Argument, Level.Unary);
        }
        else
        {
            // 13.4: no line end may stand before the operator, and neither style adds one.
            Print(p, node.Argument, Level.LeftHandSide);
            p.Write(text);
        }
    }

    private static void PrintAwait(TreePrinter p, AwaitExpression node)
    {
        p.Word("await", node);
        p.Blank();
        Print(p, node.Argument, Level.Unary);
    }

    private static void PrintYield(TreePrinter p, YieldExpression node, ExpressionPosition position)
    {
        p.Word("yield", node);
        if (node.IsDelegate) p.Write('*');
        if (node.Argument is null) return;
        p.Blank();
        Print(p, node.Argument, Level.Assignment, position);
    }

    private static void PrintSequence(TreePrinter p, SequenceExpression node, ExpressionPosition position)
    {
        bool first = true;
        foreach (Expression expression in node.Expressions)
        {
            if (!first) p.Comma();
            first = false;
            Print(p, expression, Level.Assignment, position);
        }
    }

    public static void PrintSpread(TreePrinter p, Node node, Node argument)
    {
        p.Mark(node.Start);
        p.Write("...");
        if (node.Kind == NodeKind.SpreadElement) Print(p, (Expression)argument, Level.Assignment);
        else ObjectPrinter.PrintTarget(p, argument);
    }

    private static void PrintConditionals(TreePrinter p, ConditionalExpression node, ExpressionPosition position)
    {
        while (true)
        {
            Print(p, node.Test, Level.Coalesce, position);
            p.Blank();
            p.Write('?');
            p.Blank();
            // 13.14: in is always allowed between ? and :.
            Print(p, node.Consequent, Level.Assignment);
            p.Blank();
            p.Write(':');
            p.Blank();
            if (node.Alternate is not ConditionalExpression next)
            {
                Print(p, node.Alternate, Level.Assignment, position);
                return;
            }

            node = next;
        }
    }

    private static void PrintAssignments(TreePrinter p, AssignmentExpression node, ExpressionPosition position)
    {
        // 13.15.1: the whole assignment may stand in parentheses, but not its pattern.
        if (node.Left.Kind == NodeKind.ObjectPattern && (p.Length == p.StatementStart || p.Length == p.ArrowStart))
        {
            PrintParenthesized(p, node);
            return;
        }

        while (true)
        {
            ObjectPrinter.PrintAssigned(p, node, node.Left, node.Right);
            p.Blank();
            p.MarkAfter(node.Left, node.Operator.Text()[0]);
            p.Write(node.Operator.Text());
            p.Blank();
            if (node.Right is not AssignmentExpression next)
            {
                Print(p, node.Right, Level.Assignment, position);
                return;
            }

            node = next;
        }
    }
}
