using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Chains that lean to the left: they may be far longer than a stack is deep, and are walked down and back up without calls.</summary>
internal sealed partial class TreePrinter
{
    private void Push(Expression node)
    {
        if (_spineLength == _spine.Length) Array.Resize(ref _spine, _spineLength * 2);
        _spine[_spineLength++] = node;
    }

    private void PrintAccesses(Expression node, Level level)
    {
        // 13.3: what stands after new has no call outside parentheses, down to its first name.
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
        while (_spineLength > bottom) PrintAccess(_spine[--_spineLength]);
    }

    private static bool IsAccess(Expression node) => node.Kind is NodeKind.MemberExpression or NodeKind.CallExpression or NodeKind.TaggedTemplateExpression;

    private static Expression Head(Expression node) => node.Kind switch
    {
        NodeKind.MemberExpression => ((MemberExpression)node).Object,
        NodeKind.CallExpression => ((CallExpression)node).Callee,
        _ => ((TaggedTemplateExpression)node).Tag,
    };

    /// <summary>Prints what an access or call has after its head.</summary>
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
            // 12.9.3: the first dot after an integer is the number's.
            if (_length == _integerEnd) Write('.');
            Write('.');
        }

        if (node.Property.Kind == NodeKind.PrivateIdentifier) PrintPrivateName((PrivateIdentifier)node.Property);
        else PrintName((Identifier)node.Property);
    }

    private void PrintOperators(Expression node, Place place)
    {
        int bottom = _spineLength;
        Level leftLevel = Precedence.OfLeft(node);
        Expression left = Left(node);
        while (IsOperator(left) && !Precedence.NeedsParentheses(left, leftLevel, place))
        {
            Push(node);
            node = left;
            leftLevel = Precedence.OfLeft(node);
            left = Left(node);
        }

        Print(left, leftLevel, place);
        PrintOperator(node, place);
        while (_spineLength > bottom) PrintOperator(_spine[--_spineLength], place);
    }

    private static bool IsOperator(Expression node) => node.Kind is NodeKind.BinaryExpression or NodeKind.LogicalExpression;

    private static Expression Left(Expression node) =>
        node.Kind == NodeKind.BinaryExpression ? ((BinaryExpression)node).Left : ((LogicalExpression)node).Left;

    /// <summary>Prints an operator and its right operand.</summary>
    private void PrintOperator(Expression node, Place place)
    {
        if (node.Kind == NodeKind.LogicalExpression)
        {
            var logical = (LogicalExpression)node;
            PrintOperator(logical.Operator.Text(), logical.Left);
            Print(logical.Right, Precedence.OfRight(node), place);
            return;
        }

        var binary = (BinaryExpression)node;
        PrintOperator(binary.Operator.Text(), binary.Left);
        // 13.6: the one operator whose chains lean to the right.
        while (binary.Operator == BinaryOperator.Power && binary.Right is BinaryExpression { Operator: BinaryOperator.Power } next)
        {
            Print(next.Left, Precedence.OfLeft(next), place);
            binary = next;
            PrintOperator(binary.Operator.Text(), binary.Left);
        }

        Print(binary.Right, Precedence.OfRight(binary), place);
    }

    private void PrintOperator(string text, Expression left)
    {
        Blank();
        if (char.IsAsciiLetter(text[0])) SeparateWord();
        else SeparateOperator(text[0]);
        MarkAfter(left, text[0]);
        Write(text);
        Blank();
    }
}
