using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Accesses, calls and operators. Their chains may be much longer than a stack is deep, so they are walked down and back up without calls.</summary>
internal static partial class ExpressionPrinter
{
    private static void PrintAccesses(TreePrinter p, Expression node, Level level)
    {
        // 13.3: the operand of new has no call outside parentheses, down to its first name.
        Level headLevel = level >= Level.Member ? Level.Member : Level.Call;
        int bottom = p.Spine.Count;
        Expression head = Head(node);
        while (IsAccess(head) && Precedence.Of(head) >= headLevel)
        {
            p.Spine.Push(node);
            node = head;
            head = Head(node);
        }

        Print(p, head, headLevel);
        PrintAccess(p, node);
        while (p.Spine.Count > bottom) PrintAccess(p, p.Spine.Pop()!);
    }

    private static bool IsAccess(Expression node) => node.Kind is NodeKind.MemberExpression or NodeKind.CallExpression or NodeKind.TaggedTemplateExpression;

    private static Expression Head(Expression node) => node.Kind switch
    {
        NodeKind.MemberExpression => ((MemberExpression)node).Object,
        NodeKind.CallExpression => ((CallExpression)node).Callee,
        _ => ((TaggedTemplateExpression)node).Tag,
    };

    /// <summary>Prints the part of an access or call behind its head.</summary>
    private static void PrintAccess(TreePrinter p, Expression node)
    {
        if (node.Kind == NodeKind.MemberExpression)
        {
            PrintMember(p, (MemberExpression)node);
        }
        else if (node.Kind == NodeKind.CallExpression)
        {
            var call = (CallExpression)node;
            if (call.IsOptional) p.Write("?.");
            p.MarkAfter(call.Callee, '(');
            PrintArguments(p, call.Arguments);
        }
        else
        {
            LiteralPrinter.PrintTemplate(p, ((TaggedTemplateExpression)node).Quasi);
        }
    }

    private static void PrintMember(TreePrinter p, MemberExpression node)
    {
        if (node.IsComputed)
        {
            if (node.IsOptional) p.Write("?.");
            p.MarkAfter(node.Object, '[');
            p.Write('[');
            Print(p, node.Property, Level.Sequence);
            p.Write(']');
            return;
        }

        if (node.IsOptional)
        {
            p.Write("?.");
        }
        else
        {
            // 12.9.3: the first dot behind an integer belongs to the number.
            if (p.Length == p.IntegerEnd) p.Write('.');
            p.Write('.');
        }

        if (node.Property.Kind == NodeKind.PrivateIdentifier) LiteralPrinter.PrintPrivateName(p, (PrivateIdentifier)node.Property);
        else LiteralPrinter.PrintName(p, (Identifier)node.Property);
    }

    /// <summary>Prints a tree of binary and logical operators, whichever side it is deep on.</summary>
    /// <remarks>Without recursion: within one level of nesting, as the parser counts, each level of precedence may nest in the one before.</remarks>
    private static void PrintOperators(TreePrinter p, Expression node, ExpressionPosition position)
    {
        int bottom = p.Spine.Count;
        int open = 0;
        Expression operand = node;
        Level level = Level.Sequence;
        while (true)
        {
            // Goes down the left operands. Operators and closing parentheses (null) are left for the way back.
            ExpressionPosition inner = open > 0 ? ExpressionPosition.Anywhere : position;
            while (IsOperator(operand))
            {
                if (Precedence.NeedsParentheses(operand, level, inner))
                {
                    p.Write('(');
                    p.Spine.Push(null);
                    open++;
                    inner = ExpressionPosition.Anywhere;
                }

                p.Spine.Push(operand);
                level = Precedence.OfLeft(operand);
                operand = Left(operand);
            }

            Print(p, operand, level, inner);
            Expression? next = null;
            while (p.Spine.Count > bottom && (next = p.Spine.Pop()) is null)
            {
                p.Write(')');
                open--;
            }

            if (next is null) return;
            level = Precedence.OfRight(next);
            operand = PrintOperator(p, next);
        }
    }

    private static bool IsOperator(Expression node) => node.Kind is NodeKind.BinaryExpression or NodeKind.LogicalExpression;

    private static Expression Left(Expression node) =>
        node.Kind == NodeKind.BinaryExpression ? ((BinaryExpression)node).Left : ((LogicalExpression)node).Left;

    /// <summary>Prints an operator.</summary>
    /// <returns>Its right operand.</returns>
    private static Expression PrintOperator(TreePrinter p, Expression node)
    {
        string text;
        Expression left, right;
        if (node.Kind == NodeKind.BinaryExpression)
        {
            var binary = (BinaryExpression)node;
            (text, left, right) = (binary.Operator.Text(), binary.Left, binary.Right);
        }
        else
        {
            var logical = (LogicalExpression)node;
            (text, left, right) = (logical.Operator.Text(), logical.Left, logical.Right);
        }

        p.Blank();
        if (char.IsAsciiLetter(text[0])) p.SeparateWord();
        else p.SeparateOperator(text[0]);
        p.MarkAfter(left, text[0]);
        p.Write(text);
        p.Blank();
        return right;
    }
}
