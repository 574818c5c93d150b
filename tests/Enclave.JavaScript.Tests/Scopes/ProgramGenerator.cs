using System.Text;
using Enclave.JavaScript.Ast;

namespace Enclave.JavaScript.Tests.Scopes;

/// <summary>Programs with many scopes and few names, so that names collide. Some have early errors.</summary>
internal sealed class ProgramGenerator(int seed, SourceGoal goal)
{
    private const int MaxDepth = 5;
    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private int _unique;

    public string Make()
    {
        if (goal == SourceGoal.Script && _random.Next(5) == 0) _text.Append("'use strict'; ");
        if (goal == SourceGoal.Module && Coin()) _text.Append("import a, { b as c } from 'm'; ");
        Statements(0, 6);
        if (goal == SourceGoal.Module && Coin()) _text.Append("export { d as default };");
        return _text.ToString();
    }

    private bool Coin() => _random.Next(2) == 0;

    private string Name() => _random.Next(12) == 0 ? "arguments" : ((char)('a' + _random.Next(5))).ToString();

    // Two lexical declarations of one name in a list are an early error. A fresh name now and then lets more programs pass.
    private string Declared() => Coin() ? $"{(char)('a' + _random.Next(5))}" : $"u{_unique++ % 9}";

    private void Statements(int depth, int most)
    {
        for (int i = _random.Next(1, most); i > 0; i--)
        {
            Statement(depth);
            _text.Append(' ');
        }
    }

    private void Block(int depth)
    {
        _text.Append("{ ");
        if (depth < MaxDepth) Statements(depth + 1, 4);
        _text.Append('}');
    }

    private void Statement(int depth)
    {
        switch (depth >= MaxDepth ? _random.Next(4) : _random.Next(17))
        {
            case 0: Add("var ", () => Pattern(depth), " = ", () => Expression(depth), ";"); break;
            case 1: Add($"{(Coin() ? "let" : "const")} ", () => Pattern(depth), " = ", () => Expression(depth), ";"); break;
            case 2 or 3: Add("", () => Expression(depth), ";"); break;
            case 4 or 5: Function($"function {Declared()}", depth); break;
            case 6: Block(depth); break;
            case 7: Add($"for (let {Declared()} = ", () => Expression(depth), "; ", () => Expression(depth), ";) ", () => Block(depth)); break;
            case 8:
                Add($"for ({(Coin() ? "const" : "var")} ", () => Pattern(depth), Coin() ? " of [" : " in [", () => Expression(depth), "]) ", () =>
                Block(depth)); break;
            case 9: Add("try ", () => Block(depth), " catch (", () => Pattern(depth), ") ", () => Block(depth)); break;
            case 10:
                Add("switch (", () => Expression(depth), ") { case 1: ", () => Statements(depth + 1, 3), " default: ", () => Statements(depth + 1, 3),
                "}"); break;
            case 11: Class($"class {Declared()}", depth); break;
            case 12: Add("if (", () => Expression(depth), ") ", () => Function($"function {Declared()}", depth)); break;
            case 13 when goal == SourceGoal.Script: Add("with (", () => Expression(depth), ") ", () => Block(depth)); break;
            case 14: Add($"for ({Name()} of [", () => Expression(depth), "]) ", () => Block(depth)); break;
            case 15: Function($"{(Coin() ? "async function" : "function *")} {Declared()}", depth); break;
            default: Add("l: ", () => Block(depth)); break;
        }
    }

    private void Function(string head, int depth, string arrow = "")
    {
        _text.Append(head).Append('(');
        for (int i = _random.Next(3); i > 0; i--)
        {
            Pattern(depth);
            if (_random.Next(4) == 0) Add(" = ", () => Expression(depth));
            _text.Append(", ");
        }

        _text.Append(") ").Append(arrow);
        Block(depth);
    }

    private void Class(string head, int depth)
    {
        Add(head, () => Add(Coin() ? "" : $" extends {Name()}"), " { ");
        Add("[", () => Expression(depth), "]", () => Function("", depth), " static ", () => Block(depth));
        Add($" {Name()} = ", () => Expression(depth), "; }");
    }

    private void Pattern(int depth)
    {
        switch (depth >= MaxDepth ? 0 : _random.Next(6))
        {
            case 0: Add($"{{ {Declared()} = ", () => Add(Name()), $", [{Name()}]: {Declared()}, ...{Declared()} }}"); break;
            case 1: Add($"[{Declared()}, , ...{Declared()}]"); break;
            default: Add(Declared()); break;
        }
    }

    private void Expression(int depth)
    {
        switch (depth >= MaxDepth ? _random.Next(4) : _random.Next(13))
        {
            case 0 or 1 or 2: Add(Name()); break;
            case 3: Add($"{Name()}.{Name()}[{Name()}]"); break;
            case 4: Add($"({Name()} {(Coin() ? "=" : "+=")} ", () => Expression(depth + 1), ")"); break;
            case 5: Add("(", () => Function(Coin() ? "function " : $"function {Declared()}", depth + 1), ")"); break;
            case 6: Add("(", () => Function("", depth + 1, "=> "), ")"); break;
            case 7: Add($"({{ {Name()}, {Name()}: ", () => Expression(depth + 1), $", [{Name()}]: 1, m", () => Function("", depth + 1), " })"); break;
            case 8: Add("(", () => Class(Coin() ? "class" : $"class {Declared()}", depth + 1), ")"); break;
            case 9: Add($"typeof {Name()}"); break;
            case 10: Add($"({{ {Name()}: {Name()} = ", () => Expression(depth + 1), $", ...{Name()} }} = {Name()})"); break;
            case 11: Add($"(({Declared()}) => ", () => Add(Name()), ")"); break;
            default: Add($"{Name()}(...", () => Expression(depth + 1), ")"); break;
        }
    }

    private void Add(params object[] parts)
    {
        foreach (object part in parts)
        {
            if (part is string text) _text.Append(text);
            else ((Action)part)();
        }
    }
}
