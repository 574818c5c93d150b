using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Enclave.Architecture.UnitTests.PublicApi;

/// <summary>The reference page of an assembly.</summary>
internal static class ApiPage
{
    public static string Write(Assembly assembly, XmlDocs docs)
    {
        var page = new StringBuilder();
        string name = assembly.GetName().Name!;
        page.Append($"# {name}\n\nThe public types, from their documentation comments.\n\n");
        Type[] types = [.. Signatures.Types(assembly)];
        page.AppendJoin(" ·\n", types.Select((type) => $"[{Title(type)}](#{Anchor(type)})")).Append('\n');
        foreach (Type type in types) WriteType(page, type, docs);
        return page.ToString();
    }

    private static void WriteType(StringBuilder page, Type type, XmlDocs docs)
    {
        XElement? said = docs.Find(type);
        page.Append($"\n## {Title(type)}\n\n`{type.Namespace}` · `{Signatures.Of(type)}`\n\n");
        Paragraph(page, XmlDocs.Text(said?.Element("summary")));
        Paragraph(page, XmlDocs.Text(said?.Element("remarks")));
        foreach (XElement parameter in said?.Elements("param") ?? []) page.Append($"- `{(string?)parameter.Attribute("name")}`: {XmlDocs.Text(parameter)}\n");
        if (said?.Element("param") is not null) page.Append('\n');
        Paragraph(page, XmlDocs.Text(said?.Element("returns")) is { Length: > 0 } returns ? $"Returns: {returns}" : "");
        if (XmlDocs.Code(said?.Element("example")) is { } code) page.Append($"```csharp\n{code}\n```\n\n");
        (MemberInfo Member, string Text)[] members = [.. Signatures.Members(type)];
        if (members.Length == 0) return;
        page.Append("| member | |\n|---|---|\n");
        foreach ((MemberInfo member, string text) in members)
            page.Append($"| `{text.Replace("|", "\\|", StringComparison.Ordinal)}` | {Cell(docs.Find(member))} |\n");
    }

    /// <summary>The whole comment of a member in one cell: summary, parameters, result and exceptions.</summary>
    private static string Cell(XElement? said)
    {
        if (said is null) return "";
        List<string> parts = [XmlDocs.Text(said.Element("summary")), XmlDocs.Text(said.Element("remarks"))];
        parts.AddRange(said.Elements("param").Select((parameter) => $"`{(string?)parameter.Attribute("name")}`: {XmlDocs.Text(parameter)}"));
        if (XmlDocs.Text(said.Element("returns")) is { Length: > 0 } returns) parts.Add($"Returns: {returns}");
        parts.AddRange(
            said.Elements("exception").Select((exception) => $"Throws `{((string?)exception.Attribute("cref"))?.Split('.')[^1]}`: {XmlDocs.Text(exception)}"));
        return string.Join("<br>", parts.Where((part) => part.Length > 0)).Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static void Paragraph(StringBuilder page, string text)
    {
        if (text.Length > 0) page.Append(text).Append("\n\n");
    }

    private static string Title(Type type) => TypeNames.Of(type).Replace("<", "(", StringComparison.Ordinal).Replace(">", ")", StringComparison.Ordinal);

    private static string Anchor(Type type) =>
        string.Concat(Title(type).ToLowerInvariant().Where((c) => char.IsLetterOrDigit(c) || c is ' ' or '-')).Replace(' ', '-');
}
