using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

/// <summary>Functions, classes, and the keys of their members.</summary>
internal static class FunctionPrinter
{
    private static bool IsAtDeclarationStart(TreePrinter p) => p.Length == p.StatementStart || p.Length == p.DefaultStart;

    public static void PrintFunctionExpression(TreePrinter p, FunctionExpression function)
    {
        // 14.5, 16.2.3: here it would be a declaration.
        if (IsAtDeclarationStart(p)) ExpressionPrinter.PrintParenthesized(p, function);
        else PrintFunction(p, function, function);
    }

    public static void PrintFunction(TreePrinter p, Node node, IFunction function)
    {
        p.Word(function.IsAsync ? "async function" : "function", node);
        if (function.IsGenerator) p.Write('*');
        if (function.Id is not null)
        {
            p.Blank();
            LiteralPrinter.PrintName(p, function.Id);
        }

        PrintParametersAndBody(p, function);
    }

    private static void PrintParametersAndBody(TreePrinter p, IFunction function)
    {
        PrintParameters(p, function.Params);
        p.Blank();
        StatementPrinter.PrintFunctionBody(p, (BlockStatement)function.Body);
    }

    private static void PrintParameters(TreePrinter p, ImmutableArray<Node> parameters)
    {
        p.Write('(');
        bool first = true;
        foreach (Node parameter in parameters)
        {
            if (!first) p.Comma();
            first = false;
            ObjectPrinter.PrintTarget(p, parameter);
        }

        p.Write(')');
    }

    public static void PrintArrow(TreePrinter p, ArrowFunctionExpression function, ExpressionPosition position)
    {
        if (function.IsAsync) p.Word("async", function);
        else p.Mark(function.Start);
        // A single name needs no parentheses. The name "async" does, because it would begin an async arrow function.
        if (!function.IsAsync && function.Params is [Identifier { Name: not "async" } name]) LiteralPrinter.PrintIdentifier(p, name);
        else PrintParameters(p, function.Params);
        p.Blank();
        p.Write("=>");
        p.Blank();
        if (function.Body is BlockStatement block)
        {
            StatementPrinter.PrintFunctionBody(p, block);
            return;
        }

        p.ArrowStart = p.Length;
        ExpressionPrinter.Print(p, (Expression)function.Body, Level.Assignment, position);
    }

    public static void PrintClassExpression(TreePrinter p, ClassExpression node)
    {
        if (IsAtDeclarationStart(p)) ExpressionPrinter.PrintParenthesized(p, node);
        else PrintClass(p, node, node);
    }

    public static void PrintClass(TreePrinter p, Node node, IClass definition)
    {
        p.Word("class", node);
        if (definition.Id is not null)
        {
            p.Blank();
            LiteralPrinter.PrintName(p, definition.Id);
        }

        if (definition.SuperClass is not null)
        {
            p.Blank();
            p.Word("extends");
            p.Blank();
            ExpressionPrinter.Print(p, definition.SuperClass, Level.LeftHandSide);
        }

        p.Blank();
        PrintClassBody(p, definition.Body);
    }

    public static void PrintClassBody(TreePrinter p, ClassBody body)
    {
        TreePrinter.EnsureStack();
        p.OpenBrace();
        foreach (Node element in body.Body)
        {
            p.NewLine();
            PrintClassElement(p, element);
        }

        p.CloseBrace();
    }

    public static void PrintClassElement(TreePrinter p, Node element)
    {
        p.Mark(element.Start);
        switch (element)
        {
            case StaticBlock block:
                p.Write("static");
                p.Blank();
                p.OpenBrace();
                foreach (Statement statement in block.Body)
                {
                    p.NewLine();
                    StatementPrinter.PrintStatement(p, statement);
                }

                p.CloseBrace();
                break;
            case PropertyDefinition field:
                if (field.IsStatic) PrintModifier(p, "static");
                PrintKey(p, field);
                if (field.Value is not null)
                {
                    StatementPrinter.PrintEquals(p);
                    ExpressionPrinter.Print(p, field.Value, Level.Assignment);
                }

                // Always printed before another element: a field named get, set, static or async would otherwise take it in.
                p.Semicolon();
                break;
            default:
                var method = (MethodDefinition)element;
                if (method.IsStatic) PrintModifier(p, "static");
                if (method.MethodKind is MethodKind.Get or MethodKind.Set) PrintModifier(p, method.MethodKind.Text());
                PrintMethod(p, method, method.Value);
                break;
        }
    }

    public static void PrintModifier(TreePrinter p, string word)
    {
        p.Word(word);
        p.Blank();
    }

    /// <summary>Prints a method or accessor of a class or object, from its key on.</summary>
    public static void PrintMethod(TreePrinter p, Node owner, FunctionExpression function)
    {
        if (function.IsAsync) PrintModifier(p, "async");
        if (function.IsGenerator) p.Write('*');
        PrintKey(p, owner);
        PrintParametersAndBody(p, function);
    }

    public static void PrintKey(TreePrinter p, Node owner)
    {
        (Expression key, bool isComputed) = owner switch
        {
            Property property => (property.Key, property.IsComputed),
            PropertyDefinition field => (field.Key, field.IsComputed),
            _ => (((MethodDefinition)owner).Key, ((MethodDefinition)owner).IsComputed),
        };
        // 13.2.5: only literals may be keys without brackets, and negative numbers are not literals.
        if (isComputed || (key is NumberLiteral number && Precedence.Of(number) != Level.Primary))
        {
            p.Write('[');
            ExpressionPrinter.Print(p, key, Level.Assignment);
            p.Write(']');
            return;
        }

        switch (key.Kind)
        {
            case NodeKind.Identifier: LiteralPrinter.PrintName(p, (Identifier)key); break;
            case NodeKind.PrivateIdentifier: LiteralPrinter.PrintPrivateName(p, (PrivateIdentifier)key); break;
            default: ExpressionPrinter.Print(p, key, Level.Primary); break;
        }
    }
}
