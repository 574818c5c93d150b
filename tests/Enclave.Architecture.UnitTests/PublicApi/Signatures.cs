using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Enclave.Architecture.UnitTests.PublicApi;

/// <summary>The public members of an assembly, as declarations.</summary>
internal static class Signatures
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes()
        // The compiler makes types for blocks of extension members.
        .Where((type) => !type.FullName!.Contains('<', StringComparison.Ordinal)).OrderBy((type) => type.FullName, StringComparer.Ordinal);

    public static string Of(Type type)
    {
        if (IsDelegate(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {TypeNames.Of(new NullabilityInfoContext().Create(invoke.ReturnParameter))} {TypeNames.Of(type)}({Parameters(invoke)})";
        }

        string kind = type.IsEnum
            ? "enum"
            : type.IsInterface ? "interface" : IsRecord(type) ? type.IsValueType ? "record struct" : "record" : type.IsValueType ? "struct" : "class";
        string modifier = type.IsEnum || type.IsInterface
            ? ""
            : type.IsValueType
            ? IsReadOnly(type) ? "readonly " : ""
            : type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        string[] bases = [.. Bases(type)];
        return $"{modifier}{kind} {TypeNames.Of(type)}{(bases.Length == 0 ? "" : " : " + string.Join(", ", bases))}";
    }

    /// <summary>The members with their declarations, in the order of their names.</summary>
    public static IEnumerable<(MemberInfo Member, string Text)> Members(Type type)
    {
        if (IsDelegate(type)) return [];
        if (type.IsEnum) return type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select((field) => ((MemberInfo)field, $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"));
        return type.GetMembers(Declared)
            .Select((member) => (member, text: Of(member))).Where((pair) => pair.text is not null).Select((pair) => (pair.member, pair.text!))
            .OrderBy((pair) => pair.member is ConstructorInfo ? 0 : 1)
            .ThenBy((pair) => pair.member.Name, StringComparer.Ordinal).ThenBy((pair) => pair.Item2, StringComparer.Ordinal);
    }

    private static string? Of(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsSeen(constructor) && !constructor.IsStatic && !IsGenerated(constructor) =>
            $"{Access(constructor)}{TypeNames.Of(constructor.DeclaringType!).Split('<')[0]}({Parameters(constructor)})",
        MethodInfo method when IsSeen(method) && IsWritten(method) =>
            $"{Access(method)}{Modifier(method)}{TypeNames.Of(new NullabilityInfoContext().Create(method.ReturnParameter))} " +
                $"{method.Name}{Generic(method)}({Parameters(method)})",
        PropertyInfo property when (property.GetMethod ?? property.SetMethod) is { } accessor && IsSeen(accessor) && property.Name != "EqualityContract" =>
            Property(property, accessor),
        FieldInfo field when field.IsPublic =>
            (field.IsLiteral ? "const " : field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "") +
                $"{TypeNames.Of(new NullabilityInfoContext().Create(field))} {field.Name}" +
                (field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : ""),
        EventInfo happening when IsSeen(happening.AddMethod!) => $"event {TypeNames.Of(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static string Property(PropertyInfo property, MethodInfo accessor)
    {
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string set = property.SetMethod is { } setter && IsSeen(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        string name = property.GetIndexParameters().Length > 0 ? $"this[{Parameters(accessor)}]" : property.Name;
        return $"{Access(accessor)}{Modifier(accessor)}{required}{TypeNames.Of(new NullabilityInfoContext().Create(property))} {name} {{ " +
            $"{(property.GetMethod is null ? "" : "get;")}{set} }}";
    }

    private static string Parameters(MethodBase method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        if (method.IsSpecialName && method.Name == "set_Item") parameters = parameters[..^1];
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extension + string.Join(", ", parameters.Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string way = parameter.IsOut
            ? "out "
            : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        string standard = parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue, parameter.ParameterType)}" : "";
        return $"{way}{TypeNames.Of(new NullabilityInfoContext().Create(parameter))} {parameter.Name}{standard}";
    }

    private static string Literal(object? value, Type? type = null) => value switch
    {
        null => type is { IsValueType: true } && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{string.Concat(text.Select((c) => char.IsControl(c) || c is '\u2028' or '\u2029' ? $"\\u{(int)c:x4}" : $"{c}"))}\"",
        bool truth => truth ? "true" : "false",
        _ when type is { IsEnum: true } => $"{type.Name}.{Enum.ToObject(type, value)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum) yield break;
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) yield return TypeNames.Of(parent);
        IEnumerable<Type> inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<Type> own = type.GetInterfaces()
            .Where((candidate) => candidate.IsPublic && !candidate.Name.StartsWith("IEquatable", StringComparison.Ordinal)).Except(inherited);
        foreach (string name in own.Select(TypeNames.Of).Order(StringComparer.Ordinal)) yield return name;
    }

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>" : "";

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifier(MethodInfo method) =>
        method.IsStatic ? "static " : method.DeclaringType!.IsInterface ? "" : method.IsAbstract ? "abstract " : !method.IsVirtual
            || method.IsFinal ? "" : method.GetBaseDefinition() != method ? "override " : "virtual ";

    private static bool IsSeen(MethodBase method) => method.IsPublic || (method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed;

    /// <summary>True if a person wrote the method: not an accessor, not generated for a record, not inherited from object.</summary>
    private static bool IsWritten(MethodInfo method) =>
        (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal)) && !IsGenerated(method)
            && method.GetBaseDefinition().DeclaringType != typeof(object);

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute));

    private static bool IsDelegate(Type type) => type.IsSubclassOf(typeof(Delegate));

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", Declared) is { } print && IsGenerated(print);

    private static bool IsReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute));
}
