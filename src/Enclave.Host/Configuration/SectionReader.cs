using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Enclave.Configuration;

/// <summary>Sets the properties of options from sections of the same names. It collects a message for each value that it cannot read, and continues.</summary>
internal sealed class SectionReader(EnclaveOptions root)
{
    private const string PresetKey = "Preset";

    /// <summary>The faults, each with its path.</summary>
    public List<string> Faults { get; } = [];

    public void Fill(IConfigurationSection section, object target)
    {
        Dictionary<string, PropertyInfo> properties = Properties(target.GetType());
        bool hasPresets = NamedInstances.Has(target.GetType()) && !properties.ContainsKey(PresetKey);
        // The level comes first: it decides which preset a pool starts from.
        foreach (IConfigurationSection child in section.GetChildren().OrderBy((child) => Is(child, nameof(EnclaveOptions.SecurityLevel)) ? 0 : 1))
        {
            if (hasPresets && Is(child, PresetKey)) continue;
            if (!properties.TryGetValue(child.Key, out PropertyInfo? property))
            {
                Faults.Add($"{child.Path} is not an option. " +
                    $"Known are {string.Join(", ", properties.Values.Where(IsReadable).Select((known) => known.Name).Order(StringComparer.Ordinal))}");
            }
            else if (!IsReadable(property))
            {
                Faults.Add($"{child.Path} is set in code, not by configuration");
            }
            else if (TryRead(child, property.PropertyType, property.GetValue(target), out object? value))
            {
                root.ConfiguredKeys.Add(child.Path);
                Set(child, target, property, value);
            }
        }
    }

    private void Set(IConfigurationSection section, object target, PropertyInfo property, object? value)
    {
        try
        {
            property.SetValue(target, value, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (ArgumentException fault)
        {
            Faults.Add($"{section.Path}: {fault.Message}");
        }
    }

    private bool TryRead(IConfigurationSection section, Type type, object? current, out object? value)
    {
        value = null;
        Type? nullable = Nullable.GetUnderlyingType(type);
        Type wanted = nullable ?? type;
        bool isSection = section.GetChildren().Any();
        if (ScalarText.IsScalar(wanted))
        {
            if (!isSection && string.IsNullOrEmpty(section.Value) && (nullable is not null || wanted == typeof(string))) return true;
            string? fault = isSection ? "a section; it has to be a value" : ScalarText.Read(section.Value ?? "", wanted, out value);
            if (fault is not null) Faults.Add($"{section.Path} is {fault}");
            return fault is null;
        }

        if (wanted == typeof(Library)) return (value = ConfiguredLibrary.Read(section, Faults)) is not null;
        if (wanted == typeof(HttpCredential)) return (value = ConfiguredCredential.Read(section, Faults)) is not null;
        if (wanted == typeof(EnclaveAdapter) && isSection) return TryReadPoolAdapter(section, out value);
        if (ElementOf(wanted, typeof(IReadOnlyDictionary<,>)) is { } entry) return TryReadDictionary(section, entry, out value);
        if (ElementOf(wanted, typeof(IReadOnlyCollection<>)) is { } element || (element = ElementOf(wanted, typeof(IReadOnlyList<>))) is not null)
            return TryReadList(section, element, out value);
        return isSection || string.IsNullOrEmpty(section.Value)
            ? TryReadObject(section, wanted, current, out value)
            : TryName(section, section.Value, wanted, out value);
    }

    private bool TryReadObject(IConfigurationSection section, Type type, object? current, out object? value)
    {
        value = null;
        int before = Faults.Count;
        object? start = current;
        string? preset = NamedInstances.Has(type) ? section[PresetKey] : null;
        if (preset is not null && !TryName(section.GetSection(PresetKey), preset, type, out start)) return false;
        if (start is null && type == typeof(WorkerPoolOptions) && Enum.IsDefined(root.SecurityLevel)) start = WorkerPoolPresets.For(root.SecurityLevel);
        // Presets and defaults are shared by the whole process, so a copy is filled.
        object target = start is null ? Make(section, type) : ConfiguredTypes.Copy(start);
        Fill(section, target);
        value = target is WorkerPoolOptions pool ? WithinMaxWorkers(section, pool) : target;
        return Faults.Count == before;
    }

    /// <summary>Lowers the preset's MinWorkers to MaxWorkers if only that is set, so that the application starts.</summary>
    private static WorkerPoolOptions WithinMaxWorkers(IConfigurationSection section, WorkerPoolOptions pool)
    {
        bool Says(string key) => section.GetChildren().Any((child) => Is(child, key));
        if (!Says(nameof(pool.MaxWorkers)) || pool.MaxWorkers < 1) return pool;
        return pool with
        {
            MinWorkers = Says(nameof(pool.MinWorkers)) ? pool.MinWorkers : Math.Min(pool.MinWorkers, pool.MaxWorkers),
            SpareWorkers = Says(nameof(pool.SpareWorkers)) ? pool.SpareWorkers : Math.Min(pool.SpareWorkers, pool.MaxWorkers),
        };
    }

    /// <summary>Creates an instance. The section must have the values that its constructor requires.</summary>
    private object Make(IConfigurationSection section, Type type)
    {
        ConstructorInfo full = ConfiguredTypes.ConstructorOf(type);
        ParameterInfo[] parameters = full.GetParameters();
        Faults.AddRange(
            parameters.Where((parameter) => !section.GetSection(parameter.Name!).Exists()).Select((parameter) => $"{section.Path} has no {parameter.Name}"));
        return full.Invoke([.. parameters.Select(ConfiguredTypes.DefaultOf)]);
    }

    private bool TryReadPoolAdapter(IConfigurationSection section, out object? value)
    {
        bool isRead = TryReadObject(section, typeof(PoolAdapterOptions), null, out object? pool);
        value = isRead ? EnclaveAdapter.CreateWorkerPool((PoolAdapterOptions)pool!) : null;
        return isRead;
    }

    private bool TryReadList(IConfigurationSection section, Type element, out object? value)
    {
        int before = Faults.Count;
        List<object?> elements = [];
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (TryRead(child, element, null, out object? one)) elements.Add(one);
        }

        // The form of environment variables.
        foreach (string text in section.Value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            string? fault = ScalarText.Read(text, element, out object? one);
            if (fault is null) elements.Add(one);
            else Faults.Add($"{section.Path} is {fault}");
        }

        value = ConfiguredTypes.ListOf(element, elements);
        return Faults.Count == before;
    }

    private bool TryReadDictionary(IConfigurationSection section, Type element, out object? value)
    {
        int before = Faults.Count;
        System.Collections.IDictionary dictionary = ConfiguredTypes.DictionaryOf(element);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (element == typeof(object)) dictionary[child.Key] = ConfiguredConstant.Of(child);
            else if (TryRead(child, element, null, out object? one)) dictionary[child.Key] = one;
        }

        value = dictionary;
        return Faults.Count == before;
    }

    private bool TryName(IConfigurationSection section, string name, Type type, out object? value)
    {
        value = NamedInstances.Find(type, name);
        if (value is not null) return true;
        string[] names = [.. NamedInstances.Of(type).Select((property) => property.Name)];
        Faults.Add(names.Length == 0
            ? $"{section.Path} is '{name}'; it has to be a section"
            : $"{section.Path} is '{name}'; it has to be one of {string.Join(", ", names)}");
        return false;
    }

    private static Type? ElementOf(Type type, Type kind) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == kind ? type.GetGenericArguments()[^1] : null;

    private static bool Is(IConfigurationSection section, string key) => section.Key.Equals(key, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, PropertyInfo> Properties(Type type) =>
        ConfiguredTypes.PropertiesOf(type).ToDictionary((property) => property.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>True if text can express it: functions, services and clocks are set in code.</summary>
    private static bool IsReadable(PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (property.SetMethod is not { IsPublic: true } || typeof(Delegate).IsAssignableFrom(type) || type == typeof(TimeProvider)) return false;
        return !type.IsInterface || type.IsGenericType;
    }
}
