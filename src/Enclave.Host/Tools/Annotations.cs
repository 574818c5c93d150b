using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Enclave.Protocol.Values;

namespace Enclave.Tools;

/// <summary>Checks arguments against the data annotations of their types, also nested ones, with the script's names in messages.</summary>
internal static class Annotations
{
    private static readonly ConcurrentDictionary<Type, Member[]> s_members = new();

    /// <summary>The first violated annotation, with its path; null if there is none.</summary>
    public static string? FirstFault(object value) => FirstFault(value, new ValuePath());

    /// <summary>The attributes of a member, from its property or, in a record, from its parameter.</summary>
    public static IEnumerable<T> Of<T>(JsonPropertyInfo property)
        where T : Attribute =>
        new[] { property.AttributeProvider, property.AssociatedParameter?.AttributeProvider }
            .SelectMany((provider) => provider?.GetCustomAttributes(typeof(T), inherit: true) ?? []).Cast<T>();

    // Recursion is as deep as the arguments, which the serializer has bounded.
    private static string? FirstFault(object value, ValuePath path)
    {
        Type type = value.GetType();
        switch (KindOf(type, value))
        {
            case JsonTypeInfoKind.Object: return FirstMember(value, path) ?? OfWhole(value, path);
            case JsonTypeInfoKind.Enumerable when value is IEnumerable items:
                int index = 0;
                foreach (object? item in items)
                {
                    path.Enter(index++);
                    string? fault = item is null ? null : FirstFault(item, path);
                    path.Leave();
                    if (fault is not null) return fault;
                }

                return null;
            case JsonTypeInfoKind.Dictionary when value is IDictionary entries:
                foreach (DictionaryEntry entry in entries)
                {
                    path.Enter(entry.Key.ToString()!);
                    string? fault = entry.Value is null ? null : FirstFault(entry.Value, path);
                    path.Leave();
                    if (fault is not null) return fault;
                }

                return null;
            default: return null;
        }
    }

    // Take the contract of the declared type: in a program that is compiled ahead, the type of the list that the serializer made for an interface has none.
    private static JsonTypeInfoKind KindOf(Type type, object value)
    {
        if (ToolJson.Options.TryGetTypeInfo(type, out JsonTypeInfo? contract)) return contract.Kind;
        return value is IDictionary ? JsonTypeInfoKind.Dictionary : value is IEnumerable ? JsonTypeInfoKind.Enumerable : JsonTypeInfoKind.None;
    }

    private static string? FirstMember(object value, ValuePath path)
    {
        foreach (Member member in s_members.GetOrAdd(value.GetType(), Members))
        {
            object? part = member.Get(value);
            path.Enter(member.Name);
            string? fault = null;
            foreach (ValidationAttribute rule in member.Rules)
            {
                fault ??= Said(rule.GetValidationResult(part, new ValidationContext(value, member.Name, null, null) { MemberName = member.ClrName }), path);
            }

            if (fault is null && part is not null) fault = FirstFault(part, path);
            path.Leave();
            if (fault is not null) return fault;
        }

        return null;
    }

    private static string? OfWhole(object value, ValuePath path)
    {
        var context = new ValidationContext(value, path.ToString(), null, null);
        foreach (ValidationAttribute rule in value.GetType().GetCustomAttributes<ValidationAttribute>(inherit: true))
        {
            if (Said(rule.GetValidationResult(value, context), path) is { } fault) return fault;
        }

        return value is IValidatableObject validatable
            ? validatable.Validate(context).Select((result) => Said(result, path)).FirstOrDefault((said) => said is not null)
            : null;
    }

    private static string? Said(ValidationResult? result, ValuePath path) => result is null ? null : $"{path}: {result.ErrorMessage?.TrimEnd('.')}";

    private static Member[] Members(Type type) =>
    [
        .. ToolJson.ContractOf(type).Properties.Where((property) => property.Get is not null).Select((property) => new Member(
            property.Name, (property.AttributeProvider as MemberInfo)?.Name ?? property.Name, property.Get!, [
                .. Of<ValidationAttribute>(property).DistinctBy((rule) => rule.TypeId)])),
    ];

    private sealed record Member(string Name, string ClrName, Func<object, object?> Get, ValidationAttribute[] Rules);
}
