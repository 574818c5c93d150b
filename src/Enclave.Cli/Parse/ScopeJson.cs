using System.Text.Json;
using Enclave.JavaScript.Ast;
using Enclave.JavaScript.Scopes;

namespace Enclave.Cli.Parse;

/// <summary>Scopes as JSON. Scopes are identified by their index, identifiers by their offset.</summary>
internal static class ScopeJson
{
    public static string Write(ScopeTree tree) => ParseJson.Write((writer) =>
    {
        var numbers = new Dictionary<Scope, int>();
        foreach (Scope scope in tree.Scopes) numbers.Add(scope, numbers.Count);
        writer.WriteStartObject();
        writer.WriteStartArray("scopes");
        foreach (Scope scope in tree.Scopes) Write(writer, scope, numbers);
        writer.WriteEndArray();
        writer.WriteStartArray("free");
        foreach (Reference reference in tree.Free) Write(writer, reference, numbers);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, Scope scope, Dictionary<Scope, int> numbers)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", Words.Of(scope.Kind));
        if (scope.Parent is null) writer.WriteNull("parent");
        else writer.WriteNumber("parent", numbers[scope.Parent]);
        writer.WriteNumber("start", scope.Node.Start);
        writer.WriteNumber("end", scope.Node.End);
        writer.WriteBoolean("strict", scope.IsStrict);
        writer.WriteBoolean("directEval", scope.HasDirectEval);
        writer.WriteStartArray("bindings");
        foreach (Binding binding in scope.Bindings) Write(writer, binding, numbers);
        writer.WriteEndArray();
        writer.WriteStartArray("privateNames");
        foreach (PrivateName name in scope.PrivateNames) Write(writer, name);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Binding binding, Dictionary<Scope, int> numbers)
    {
        writer.WriteStartObject();
        writer.WriteString("name", binding.Name);
        writer.WriteString("kind", Words.Of(binding.Kind));
        writer.WriteBoolean("captured", binding.IsCaptured);
        WriteOffsets(writer, "declarations", binding.Declarations);
        writer.WriteStartArray("references");
        foreach (Reference reference in binding.References) Write(writer, reference, numbers);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PrivateName name)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name.Name);
        WriteOffsets(writer, "declarations", name.Declarations);
        WriteOffsets(writer, "uses", name.Uses);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Reference reference, Dictionary<Scope, int> numbers)
    {
        writer.WriteStartObject();
        writer.WriteString("name", reference.Identifier.Name);
        writer.WriteNumber("offset", reference.Identifier.Start);
        writer.WriteNumber("scope", numbers[reference.Scope]);
        writer.WriteBoolean("read", reference.IsRead);
        writer.WriteBoolean("write", reference.IsWrite);
        if (reference.IsTypeOfOperand) writer.WriteBoolean("typeof", true);
        if (reference.IsDeclarator) writer.WriteBoolean("declarator", true);
        if (reference.IsCapture) writer.WriteBoolean("capture", true);
        if (reference.MayBeDynamic) writer.WriteBoolean("dynamic", true);
        writer.WriteEndObject();
    }

    private static void WriteOffsets(Utf8JsonWriter writer, string name, IReadOnlyList<Node> nodes)
    {
        writer.WriteStartArray(name);
        foreach (Node node in nodes) writer.WriteNumberValue(node.Start);
        writer.WriteEndArray();
    }
}
