using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Enclave.Architecture.UnitTests.PublicApi;

/// <summary>The documentation comments of assemblies, by member, as Markdown.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);

    public XmlDocs(IEnumerable<Assembly> assemblies)
    {
        foreach (Assembly assembly in assemblies)
        {
            foreach (XElement member in XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
                _members[(string)member.Attribute("name")!] = member;
        }
    }

    /// <summary>The comment of a member, or the one that it inherits; null if there is none.</summary>
    public XElement? Find(MemberInfo member)
    {
        XElement? found = _members.GetValueOrDefault(Id(member));
        return found?.Element("inheritdoc") is null ? found : Inherited(member);
    }

    public static string Text(XElement? element) => element is null ? "" : Blanks().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    /// <summary>An example, without the blanks before each line of the comment.</summary>
    public static string? Code(XElement? element)
    {
        if (element?.Descendants("code").FirstOrDefault()?.Value.Trim('\n').TrimEnd() is not { Length: > 0 } code) return null;
        string[] lines = code.Split('\n');
        int margin = lines.Where((line) => line.Trim().Length > 0).Min((line) => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select((line) => line.Length > margin ? line[margin..].TrimEnd() : ""));
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } see => $"`{Name((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? see.Value)}`",
        XElement { Name.LocalName: "paramref" or "typeparamref" } name => $"`{(string?)name.Attribute("name")}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "code" } => "",
        XElement other => string.Concat(other.Nodes().Select(Text)) + " ",
        _ => "",
    };

    /// <summary>Shortens M:Enclave.Type.Member(System.String) to Type.Member, and T:Enclave.Type to Type.</summary>
    private static string Name(string reference)
    {
        if (reference.Length < 2 || reference[1] != ':') return reference;
        string[] parts = Arity().Replace(reference[2..].Split('(')[0], "").Split('.');
        return reference[0] == 'T' || parts.Length < 2 ? parts[^1] : $"{parts[^2]}.{parts[^1].Replace("#ctor", parts[^2], StringComparison.Ordinal)}";
    }

    private XElement? Inherited(MemberInfo member)
    {
        if (member.DeclaringType is not { } type) return null;
        IEnumerable<Type> above = type.BaseType is { } parent ? [parent, .. type.GetInterfaces()] : type.GetInterfaces();
        return above.SelectMany((candidate) => candidate.GetMember(member.Name)).Select(Find).FirstOrDefault((found) => found is not null);
    }

    private static string Id(MemberInfo member) => member switch
    {
        Type type => $"T:{TypeId(type)}",
        MethodBase method =>
            $"M:{TypeId(method.DeclaringType!)}.{method.Name.Replace(".ctor", "#ctor", StringComparison.Ordinal)}" +
                (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "") + Parameters(method.GetParameters()) + Result(method),
        PropertyInfo property => $"P:{TypeId(property.DeclaringType!)}.{property.Name}{Parameters(property.GetIndexParameters())}",
        FieldInfo field => $"F:{TypeId(field.DeclaringType!)}.{field.Name}",
        EventInfo happening => $"E:{TypeId(happening.DeclaringType!)}.{happening.Name}",
        _ => "",
    };

    private static string Result(MethodBase method) =>
        method is MethodInfo { Name: "op_Implicit" or "op_Explicit" } conversion ? $"~{Reference(conversion.ReturnType)}" : "";

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select((parameter) => Reference(parameter.ParameterType)))})";

    private static string TypeId(Type type) => (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static string Reference(Type type)
    {
        if (type.IsByRef) return Reference(type.GetElementType()!) + "@";
        if (type.IsArray) return Reference(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        if (!type.IsGenericType) return TypeId(type);
        var text = new StringBuilder(Arity().Replace(TypeId(type), ""));
        return text.Append('{').AppendJoin(',', type.GetGenericArguments().Select(Reference)).Append('}').ToString();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"`+\d+")]
    private static partial Regex Arity();
}
