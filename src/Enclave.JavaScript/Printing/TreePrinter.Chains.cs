using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Accesses, calls and operators. Their chains may be much longer than a stack is deep, so they are walked down and back up without calls.</summary>
internal sealed partial class TreePrinter
{
    private void Push(Expression? node)
    {
        if (_spineLength == _spine.Length) Array.Resize(ref _spine, _spineLength * 2);
        _spine[_spineLength++] = node;
    }

    private void PrintAccesses(Expression node, Level level)
    {
        // 13.3: the operand of new has no call outside parentheses, down to its first name.
        Level headLevel = level >= Level.Member ? Level.Member : Level.Call;
        int bottom = _spineLength;
        Expression head = Head(node);
        while (IsAccess(head) && Precedence.Of(head) >= headLevel)
        {
            Push(node);
            node = head;
            head = Head(node);
        }

        Print(head, headLevel);
        PrintAccess(node);
        while (_spineLength > bottom) PrintAccess(_spine[--_spineLength]!);
    }

    private static bool IsAccess(Expression node) => node.Kind is NodeKind.MemberExpression or NodeKind.CallExpression or NodeKind.TaggedTemplateExpression;

    private static Expression Head(Expression node) => node.Kind switch
    {
        NodeKind.MemberExpression => ((MemberExpression)node).Object,
        NodeKind.CallExpression => ((CallExpression)node).Callee,
        _ => ((TaggedTemplateExpression)node).Tag,
    };

    /// <summary>Prints the part of an access or call behind its head.</summary>
    private void PrintAccess(Expression node)
    {
        if (node.Kind == NodeKind.MemberExpression)
        {
            PrintMember((MemberExpression)node);
        }
        else if (node.Kind == NodeKind.CallExpression)
        {
            var call = (CallExpression)node;
            if (call.IsOptional) Write("?.");
            MarkAfter(call.Callee, '(');
            PrintArguments(call.Arguments);
        }
        else
        {
            PrintTemplate(((TaggedTemplateExpression)node).Quasi);
        }
    }

    private void PrintMember(MemberExpression node)
    {
        if (node.IsComputed)
        {
            if (node.IsOptional) Write("?.");
            MarkAfter(node.Object, '[');
            Write('[');
            Print(node.Property, Level.Sequence);
            Write(']');
            return;
        }

        if (node.IsOptional)
        {
            Write("?.");
        }
        else
        {
            // 12.9.3: the first dot behind an integer belongs to the number.
            if (_length == _integerEnd) Write('.');
            Write('.');
        }

        if (node.Property.Kind == NodeKind.PrivateIdentifier) PrintPrivateName((PrivateIdentifier)node.Property);
        else PrintName((Identifier)node.Property);
    }

    /// <summary>Prints a tree of binary and logical operators, whichever side it is deep on.</summary>
    /// <remarks>Without recursion: within one level of nesting, as the parser counts, each level of precedence may nest in the one before.</remarks>
    private void PrintOperators(Expression node, ExpressionPosition position)
    {
        int bottom = _spineLength;
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
                    Write('(');
                    Push(null);
                    open++;
                    inner = ExpressionPosition.Anywhere;
                }

                Push(operand);
                level = Precedence.OfLeft(operand);
                operand = Left(operand);
            }

            Print(operand, level, inner);
            Expression? next = null;
            while (_spineLength > bottom && (next = _spine[--_spineLength]) is null)
            {
                Write(')');
                open--;
            }

            if (next is null) return;
            level = Precedence.OfRight(next);
            operand = PrintOperator(next);
        }
    }

    private static bool IsOperator(Expression node) => node.Kind is NodeKind.BinaryExpression or NodeKind.LogicalExpression;

    private static Expression Left(Expression node) =>
        node.Kind == NodeKind.BinaryExpression ? ((BinaryExpression)node).Left : ((LogicalExpression)node).Left;

    /// <summary>Prints an operator.</summary>
    /// <returns>Its right operand.</returns>
    private Expression PrintOperator(Expression node)
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

        Blank();
        if (char.IsAsciiLetter(text[0])) SeparateWord();
        else SeparateOperator(text[0]);
        MarkAfter(left, text[0]);
        Write(text);
        Blank();
        return right;
    }
}
