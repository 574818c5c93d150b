using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Enclave.Configuration;

namespace Enclave.Host.UnitTests.Configuration;

/// <summary>A program that is compiled ahead has the members of options that <see cref="ConfiguredTypes"/> names, and no others.</summary>
public sealed class ConfiguredTypesTests
{
    [Fact]
    public void All_options_that_configuration_can_set_are_named()
    {
        HashSet<Type> reached = [];
        Reach(typeof(EnclaveOptions), reached);
        Reach(typeof(PoolAdapterOptions), reached);

        string[] named = [.. typeof(ConfiguredTypes).GetMethod(nameof(ConfiguredTypes.PropertiesOf))!.GetCustomAttributes<DynamicDependencyAttribute>()
            .Select((dependency) => dependency.Type!.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(reached.Select((type) => type.Name).Order(StringComparer.Ordinal), named);
    }

    private static void Reach(Type options, HashSet<Type> reached)
    {
        if (!reached.Add(options)) return;
        foreach (PropertyInfo property in options.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool isSetInCode = property.SetMethod is not { IsPublic: true } || typeof(Delegate).IsAssignableFrom(type) || type == typeof(TimeProvider)
                || (type.IsInterface && !type.IsGenericType);
            if (!isSetInCode) ReachValue(type, reached);
        }
    }

    private static void ReachValue(Type type, HashSet<Type> reached)
    {
        if (type.IsGenericType)
        {
            Type element = type.GetGenericArguments()[^1];
            bool isDictionary = type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);
            // Throws for an element that is not in the lists.
            if (isDictionary) Assert.Empty(ConfiguredTypes.DictionaryOf(element));
            else Assert.Empty(ConfiguredTypes.ListOf(element, []));
            ReachValue(Nullable.GetUnderlyingType(element) ?? element, reached);
            return;
        }

        // Single values, and those with a reader of their own.
        if (ScalarText.IsScalar(type) || type == typeof(object) || type == typeof(Library) || type == typeof(HttpCredential)) return;
        Reach(type, reached);
    }
}
