using System.Reflection;

namespace Enclave.Configuration;

/// <summary>Instances that have a name in code, as <see cref="WorkerPoolPresets.Strict"/>, so that configuration can say it.</summary>
internal static class NamedInstances
{
    public static bool Has(Type type) => Of(type).Any();

    /// <summary>The public static properties of the type itself that hold one of it, and those of its presets.</summary>
    public static IEnumerable<PropertyInfo> Of(Type type) => (type == typeof(WorkerPoolOptions) ? typeof(WorkerPoolPresets) : type)
        .GetProperties(BindingFlags.Public | BindingFlags.Static).Where((property) => property.PropertyType == type);

    /// <summary>The instance of this name, however it is spelled: <c>WorkerPool</c> and <c>worker-pool</c> are one.</summary>
    public static object? Find(Type type, string name) =>
        Of(type).FirstOrDefault((property) => property.Name.Equals(name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))?.GetValue(null);
}
