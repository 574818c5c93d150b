using System.Reflection;

namespace Enclave.Configuration;

/// <summary>Instances with a name in code, such as <see cref="WorkerPoolPresets.Strict"/>, for use in configuration.</summary>
internal static class NamedInstances
{
    public static bool Has(Type type) => Of(type).Any();

    /// <summary>Public static properties of the type itself or of its presets.</summary>
    public static IEnumerable<PropertyInfo> Of(Type type) => ConfiguredTypes.NamedOf(type).Where((property) => property.PropertyType == type);

    /// <summary>The instance of this name, in any spelling: <c>WorkerPool</c> and <c>worker-pool</c> are equal.</summary>
    public static object? Find(Type type, string name) =>
        Of(type).FirstOrDefault((property) => property.Name.Equals(name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            ?.GetValue(null);
}
