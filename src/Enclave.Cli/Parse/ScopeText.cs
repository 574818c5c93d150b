using System.Globalization;
using System.Text;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;
using Enclave.JavaScript.Text;

namespace Enclave.Cli.Parse;

/// <summary>Scopes as text: an indented line for each scope and each binding, with the positions of its references.</summary>
internal sealed class ScopeText
{
    // Enough for any reader. Deeper scopes print their depth instead, so that the output does not grow faster than the program.
    private const int MaxIndent = 40;
    private readonly LineMap _lines;
    private readonly StringBuilder _text = new();

    public ScopeText(string source, ScopeTree tree)
    {
        _lines = new LineMap(source);
        foreach (Scope scope in tree.Scopes) Add(scope);
        AddFree(tree);
    }

    public override string ToString() => _text.ToString();

    private static string NameOf(Node node) => node switch
    {
        IFunction { Id: { } id } => $" {id.Name}",
        IClass { Id: { } id } => $" {id.Name}",
        _ => "",
    };

    private void Add(Scope scope)
    {
        string place = scope.Parent is null ? "" : $" {Position(scope.Node)}";
        Indent(scope.Depth).Append(Words.Of(scope.Kind)).Append(NameOf(scope.Node)).Append(place);
        if (scope.IsStrict && scope.Parent is not { IsStrict: true }) _text.Append(", strict");
        if (scope.HasDirectEval) _text.Append(", direct eval");
        _text.Append('\n');
        foreach (Binding binding in scope.Bindings) Add(binding, scope.Depth + 1);
        foreach (PrivateName name in scope.PrivateNames)
        {
            Indent(scope.Depth + 1).Append(CultureInfo.InvariantCulture, $"private #{name.Name} {string.Join(", ", name.Declarations.Select(Position))}");
            AddPlaces("used", name.Uses.Select(Position));
            _text.Append('\n');
        }
    }

    private void Add(Binding binding, int depth)
    {
        Indent(depth).Append(Words.Of(binding.Kind)).Append(' ').Append(binding.Name);
        if (binding.Declaration is not null) _text.Append(' ').AppendJoin(", ", binding.Declarations.Select(Position));
        AddPlaces("read", binding.References.Where((reference) => reference.IsRead).Select(Position));
        AddPlaces("written", binding.References.Where((reference) => reference.IsWrite).Select(Position));
        if (binding.IsCaptured) _text.Append("; captured");
        _text.Append('\n');
    }

    private void AddFree(ScopeTree tree)
    {
        foreach (IGrouping<string, Reference> name in tree.Free.GroupBy((reference) => reference.Identifier.Name))
        {
            _text.Append("free ").Append(name.Key);
            AddPlaces("read", name.Where((reference) => reference.IsRead).Select(Position));
            AddPlaces("written", name.Where((reference) => reference.IsWrite).Select(Position));
            _text.Append('\n');
        }
    }

    private void AddPlaces(string verb, IEnumerable<string> places)
    {
        int before = _text.Length;
        _text.Append("; ").Append(verb).Append(' ');
        int start = _text.Length;
        _text.AppendJoin(", ", places);
        if (_text.Length == start) _text.Length = before;
    }

    private StringBuilder Indent(int depth)
    {
        if (depth <= MaxIndent) return _text.Append(' ', depth * 2);
        return _text.Append(' ', MaxIndent * 2).Append(CultureInfo.InvariantCulture, $"({depth}) ");
    }

    private string Position(Reference reference) => Position(reference.Identifier) + (reference.MayBeDynamic ? "?" : "");

    private string Position(Node node)
    {
        SourcePosition place = _lines.At(node.Start);
        return string.Create(CultureInfo.InvariantCulture, $"{place.Line}:{place.Column}");
    }
}
