using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

internal sealed partial class TreePrinter
{
    private void Print(Expression node, Level level, ExpressionPosition position = ExpressionPosition.Anywhere)
    {
        _meter?.Step();
        switch (node.Kind)
        {
            case NodeKind.Identifier: PrintIdentifier((Identifier)node); return;
            case NodeKind.StringLiteral: PrintString((StringLiteral)node); return;
            case NodeKind.NumberLiteral when Precedence.Of(node) >= level: PrintNumber((NumberLiteral)node); return;
            case NodeKind.ThisExpression: Word("this", node); return;
            case NodeKind.NullLiteral: Word("null", node); return;
            case NodeKind.BooleanLiteral: Word(((BooleanLiteral)node).Value ? "true" : "false", node); return;
        }

        if (Precedence.NeedsParentheses(node, level, position)) PrintParenthesized(node);
        else PrintBare(node, level, position);
    }

    private void PrintParenthesized(Expression node)
    {
        Write('(');
        PrintBare(node, Level.Sequence, ExpressionPosition.Anywhere);
        Write(')');
    }

    private void PrintBare(Expression node, Level level, ExpressionPosition position)
    {
        EnsureStack();
        switch (node.Kind)
        {
            case NodeKind.MemberExpression or NodeKind.CallExpression or NodeKind.TaggedTemplateExpression: PrintAccesses(node, level); break;
            case NodeKind.BinaryExpression or NodeKind.LogicalExpression: PrintOperators(node, position); break;
            case NodeKind.AssignmentExpression: PrintAssignments((AssignmentExpression)node, position); break;
            case NodeKind.FunctionExpression: PrintFunctionExpression((FunctionExpression)node); break;
            case NodeKind.ArrowFunctionExpression: PrintArrow((ArrowFunctionExpression)node, position); break;
            case NodeKind.ObjectExpression: PrintObjectExpression((ObjectExpression)node); break;
            case NodeKind.ArrayExpression: PrintArray(node, ((ArrayExpression)node).Elements); break;
            case NodeKind.UnaryExpression: PrintUnary((UnaryExpression)node); break;
            case NodeKind.UpdateExpression: PrintUpdate((UpdateExpression)node); break;
            case NodeKind.ConditionalExpression: PrintConditionals((ConditionalExpression)node, position); break;
            case NodeKind.NewExpression: PrintNew((NewExpression)node); break;
            case NodeKind.SequenceExpression: PrintSequence((SequenceExpression)node, position); break;
            case NodeKind.TemplateLiteral: PrintTemplate((TemplateLiteral)node); break;
            case NodeKind.SpreadElement: PrintSpread(node, ((SpreadElement)node).Argument); break;
            case NodeKind.ChainExpression: PrintBare(((ChainExpression)node).Expression, Level.LeftHandSide, position); break;
            case NodeKind.YieldExpression: PrintYield((YieldExpression)node, position); break;
            case NodeKind.AwaitExpression: PrintAwait((AwaitExpression)node); break;
            case NodeKind.ClassExpression: PrintClassExpression((ClassExpression)node); break;
            default: PrintRare(node); break;
        }
    }

    private void PrintRare(Expression node)
    {
        switch (node.Kind)
        {
            case NodeKind.Identifier: PrintIdentifier((Identifier)node); break;
            case NodeKind.NumberLiteral: PrintNumber((NumberLiteral)node); break;
            case NodeKind.RegExpLiteral: PrintRegExp((RegExpLiteral)node); break;
            case NodeKind.BigIntLiteral: PrintBigInt((BigIntLiteral)node); break;
            case NodeKind.PrivateIdentifier: PrintPrivateName((PrivateIdentifier)node); break;
            case NodeKind.Super: Word("super", node); break;
            case NodeKind.ImportExpression: PrintImportCall((ImportExpression)node); break;
            case NodeKind.MetaProperty:
                PrintName(((MetaProperty)node).Meta);
                Write('.');
                PrintName(((MetaProperty)node).Property);
                break;
            default: Print(node, Level.Sequence); break;
        }
    }

    private void PrintArguments(ImmutableArray<Expression> arguments)
    {
        Write('(');
        bool first = true;
        foreach (Expression argument in arguments)
        {
            if (!first) Comma();
            first = false;
            Print(argument, Level.Assignment);
        }

        Write(')');
    }

    private void PrintNew(NewExpression node)
    {
        Word("new", node);
        Blank();
        Print(node.Callee, Level.Member);
        PrintArguments(node.Arguments);
    }

    private void PrintImportCall(ImportExpression node)
    {
        Word("import", node);
        Write('(');
        Print(node.Source, Level.Assignment);
        if (node.Options is not null)
        {
            Comma();
            Print(node.Options, Level.Assignment);
        }

        Write(')');
    }

    private void PrintUnary(UnaryExpression node)
    {
        if (node.Operator >= UnaryOperator.TypeOf)
        {
            Word(node.Operator.Text(), node);
            Blank();
        }
        else
        {
            char first = node.Operator.Text()[0];
            SeparateOperator(first);
            Mark(node.Start);
            Write(first);
        }

        Print(node.Argument, Level.Unary);
    }

    private void PrintUpdate(UpdateExpression node)
    {
        string text = node.Operator.Text();
        if (node.IsPrefix)
        {
            SeparateOperator(text[0]);
            Mark(node.Start);
            Write(text);
            Print(node.Argument, Level.Unary);
        }
        else
        {
            // 13.4: no line end may stand before the operator, and neither style adds one.
            Print(node.Argument, Level.LeftHandSide);
            Write(text);
        }
    }

    private void PrintAwait(AwaitExpression node)
    {
        Word("await", node);
        Blank();
        Print(node.Argument, Level.Unary);
    }

    private void PrintYield(YieldExpression node, ExpressionPosition position)
    {
        Word("yield", node);
        if (node.IsDelegate) Write('*');
        if (node.Argument is null) return;
        Blank();
        Print(node.Argument, Level.Assignment, position);
    }

    private void PrintSequence(SequenceExpression node, ExpressionPosition position)
    {
        bool first = true;
        foreach (Expression expression in node.Expressions)
        {
            if (!first) Comma();
            first = false;
            Print(expression, Level.Assignment, position);
        }
    }

    private void PrintSpread(Node node, Node argument)
    {
        Mark(node.Start);
        Write("...");
        if (node.Kind == NodeKind.SpreadElement) Print((Expression)argument, Level.Assignment);
        else PrintTarget(argument);
    }

    private void PrintConditionals(ConditionalExpression node, ExpressionPosition position)
    {
        while (true)
        {
            Print(node.Test, Level.Coalesce, position);
            Blank();
            Write('?');
            Blank();
            // 13.14: in is always allowed between ? and :.
            Print(node.Consequent, Level.Assignment);
            Blank();
            Write(':');
            Blank();
            if (node.Alternate is not ConditionalExpression next)
            {
                Print(node.Alternate, Level.Assignment, position);
                return;
            }

            node = next;
        }
    }

    private void PrintAssignments(AssignmentExpression node, ExpressionPosition position)
    {
        // 13.15.1: the whole assignment may stand in parentheses, but not its pattern.
        if (node.Left.Kind == NodeKind.ObjectPattern && (_length == _statementStart || _length == _arrowStart))
        {
            PrintParenthesized(node);
            return;
        }

        while (true)
        {
            PrintAssigned(node, node.Left, node.Right);
            Blank();
            MarkAfter(node.Left, node.Operator.Text()[0]);
            Write(node.Operator.Text());
            Blank();
            if (node.Right is not AssignmentExpression next)
            {
                Print(node.Right, Level.Assignment, position);
                return;
            }

            node = next;
        }
    }
}
