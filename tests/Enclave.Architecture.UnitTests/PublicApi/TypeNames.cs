using System.Reflection;

namespace Enclave.Architecture.UnitTests.PublicApi;

/// <summary>The C# names of types.</summary>
internal static class TypeNames
{
    private static readonly (Type Type, string Keyword)[] s_keywords =
    [
        (typeof(void), "void"), (typeof(bool), "bool"), (typeof(byte), "byte"), (typeof(sbyte), "sbyte"), (typeof(short), "short"), (typeof(ushort), "ushort"),
        (typeof(int), "int"), (typeof(uint), "uint"), (typeof(long), "long"), (typeof(ulong), "ulong"), (typeof(float), "float"), (typeof(double), "double"),
        (typeof(decimal), "decimal"), (typeof(char), "char"), (typeof(string), "string"), (typeof(object), "object"),
    ];

    public static string Of(Type type)
    {
        if (s_keywords.FirstOrDefault((pair) => pair.Type == type).Keyword is { } keyword) return keyword;
        if (type.IsByRef) return Of(type.GetElementType()!);
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Of(value) + "?";
        if (type.IsGenericParameter) return type.Name;
        return Named(type, (argument) => Of(argument));
    }

    /// <summary>With question marks for nullable types.</summary>
    public static string Of(NullabilityInfo info)
    {
        Type type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        string mark = !type.IsValueType && info.ReadState == NullabilityState.Nullable
            || (!type.IsValueType && info.WriteState == NullabilityState.Nullable && info.ReadState == NullabilityState.Unknown) ? "?" : "";
        if (type.IsArray && info.ElementType is { } element) return Of(element) + "[]" + mark;
        if (Nullable.GetUnderlyingType(type) is not null || !type.IsGenericType || info.GenericTypeArguments.Length != type.GetGenericArguments().Length)
            return Of(type) + mark;
        int next = 0;
        return Named(type, (_) => Of(info.GenericTypeArguments[next++])) + mark;
    }

    /// <summary>With the types it is nested in, without its namespace.</summary>
    private static string Named(Type type, Func<Type, string> argument)
    {
        string name = type.Name.Split('`')[0];
        if (type.IsNested) name = $"{Of(type.DeclaringType!)}.{name}";
        Type[] arguments = type.GetGenericArguments();
        return arguments.Length == 0 || !type.Name.Contains('`', StringComparison.Ordinal) ? name : $"{name}<{string.Join(", ", arguments.Select(argument))}>";
    }
}
