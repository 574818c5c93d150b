using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Printing;

internal sealed partial class TreePrinter
{
    private bool IsAtDeclarationStart => _length == _statementStart || _length == _defaultStart;

    private void PrintFunctionExpression(FunctionExpression function)
    {
        // 14.5, 16.2.3: here it would be a declaration.
        if (IsAtDeclarationStart) PrintParenthesized(function);
        else PrintFunction(function, function);
    }

    private void PrintFunction(Node node, IFunction function)
    {
        Word(function.IsAsync ? "async function" : "function", node);
        if (function.IsGenerator) Write('*');
        if (function.Id is not null)
        {
            Blank();
            PrintName(function.Id);
        }

        PrintParametersAndBody(function);
    }

    private void PrintParametersAndBody(IFunction function)
    {
        PrintParameters(function.Params);
        Blank();
        PrintFunctionBody((BlockStatement)function.Body);
    }

    private void PrintParameters(ImmutableArray<Node> parameters)
    {
        Write('(');
        bool first = true;
        foreach (Node parameter in parameters)
        {
            if (!first) Comma();
            first = false;
            PrintTarget(parameter);
        }

        Write(')');
    }

    private void PrintArrow(ArrowFunctionExpression function, ExpressionPosition position)
    {
        if (function.IsAsync) Word("async", function);
        else Mark(function.Start);
        // A single name needs no parentheses. The name "async" does, because it would begin an async arrow function.
        if (!function.IsAsync && function.Params is [Identifier { Name: not "async" } name]) PrintIdentifier(name);
        else PrintParameters(function.Params);
        Blank();
        Write("=>");
        Blank();
        if (function.Body is BlockStatement block)
        {
            PrintFunctionBody(block);
            return;
        }

        _arrowStart = _length;
        Print((Expression)function.Body, Level.Assignment, position);
    }

    private void PrintClassExpression(ClassExpression node)
    {
        if (IsAtDeclarationStart) PrintParenthesized(node);
        else PrintClass(node, node);
    }

    private void PrintClass(Node node, IClass definition)
    {
        Word("class", node);
        if (definition.Id is not null)
        {
            Blank();
            PrintName(definition.Id);
        }

        if (definition.SuperClass is not null)
        {
            Blank();
            Word("extends");
            Blank();
            Print(definition.SuperClass, Level.LeftHandSide);
        }

        Blank();
        PrintClassBody(definition.Body);
    }

    private void PrintClassBody(ClassBody body)
    {
        EnsureStack();
        OpenBrace();
        foreach (Node element in body.Body)
        {
            NewLine();
            PrintClassElement(element);
        }

        CloseBrace();
    }

    private void PrintClassElement(Node element)
    {
        Mark(element.Start);
        switch (element)
        {
            case StaticBlock block:
                Write("static");
                Blank();
                OpenBrace();
                foreach (Statement statement in block.Body)
                {
                    NewLine();
                    PrintStatement(statement);
                }

                CloseBrace();
                break;
            case PropertyDefinition field:
                if (field.IsStatic) PrintModifier("static");
                PrintKey(field);
                if (field.Value is not null)
                {
                    PrintEquals();
                    Print(field.Value, Level.Assignment);
                }

                // Always printed before another element: a field named get, set, static or async would otherwise take it in.
                Semicolon();
                break;
            default:
                var method = (MethodDefinition)element;
                if (method.IsStatic) PrintModifier("static");
                if (method.MethodKind is MethodKind.Get or MethodKind.Set) PrintModifier(method.MethodKind.Text());
                PrintMethod(method, method.Value);
                break;
        }
    }

    private void PrintModifier(string word)
    {
        Word(word);
        Blank();
    }

    /// <summary>Prints a method or accessor of a class or object, from its key on.</summary>
    private void PrintMethod(Node owner, FunctionExpression function)
    {
        if (function.IsAsync) PrintModifier("async");
        if (function.IsGenerator) Write('*');
        PrintKey(owner);
        PrintParametersAndBody(function);
    }

    private void PrintKey(Node owner)
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
            Write('[');
            Print(key, Level.Assignment);
            Write(']');
            return;
        }

        switch (key.Kind)
        {
            case NodeKind.Identifier: PrintName((Identifier)key); break;
            case NodeKind.PrivateIdentifier: PrintPrivateName((PrivateIdentifier)key); break;
            default: Print(key, Level.Primary); break;
        }
    }
}
