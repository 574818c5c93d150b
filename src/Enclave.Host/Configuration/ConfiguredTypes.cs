using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Enclave.Guard;

namespace Enclave.Configuration;

// The types that configuration sets. SectionReader sets options by reflection, and a program that is trimmed or compiled ahead has only the members that
// something names: this is the one place that names them. A test compares the lists with the options.

/// <summary>The options, lists and dictionaries that configuration can set.</summary>
internal static class ConfiguredTypes
{
    private const DynamicallyAccessedMemberTypes Settable =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicConstructors;

    private static readonly Dictionary<Type, Func<List<object?>, Array>> s_lists = new()
    {
        [typeof(string)] = ArrayOf<string>,
        [typeof(Library)] = ArrayOf<Library>,
        [typeof(FetchOrigin)] = ArrayOf<FetchOrigin>,
        [typeof(IsolationLayer)] = ArrayOf<IsolationLayer>,
        [typeof(ArgumentTypes)] = ArrayOf<ArgumentTypes>,
    };

    private static readonly Dictionary<Type, Func<IDictionary>> s_dictionaries = new()
    {
        [typeof(object)] = () => new Dictionary<string, object>(),
        [typeof(ArgumentRule)] = () => new Dictionary<string, ArgumentRule>(),
        [typeof(IssueSeverity?)] = () => new Dictionary<string, IssueSeverity?>(),
    };

    /// <summary>The properties of options.</summary>
    [DynamicDependency(Settable, typeof(EnclaveOptions))]
    [DynamicDependency(Settable, typeof(GuardOptions))]
    [DynamicDependency(Settable, typeof(ScoringOptions))]
    [DynamicDependency(Settable, typeof(EnclaveAdapter))]
    [DynamicDependency(Settable, typeof(PoolAdapterOptions))]
    [DynamicDependency(Settable, typeof(WorkerPoolOptions))]
    [DynamicDependency(Settable, typeof(FetchOptions))]
    [DynamicDependency(Settable, typeof(FetchOrigin))]
    [DynamicDependency(Settable, typeof(SequencePolicyOptions))]
    [DynamicDependency(Settable, typeof(DoubleVmOptions))]
    [DynamicDependency(Settable, typeof(SidecarOptions))]
    [DynamicDependency(Settable, typeof(AuditOptions))]
    [DynamicDependency(Settable, typeof(ArgumentRule))]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The dependencies of this method are all options.")]
    public static PropertyInfo[] PropertiesOf(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    /// <summary>The instances with a name: public static properties of the options themselves or of their presets.</summary>
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicProperties, typeof(WorkerPoolPresets))]
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The dependencies of this method and of PropertiesOf are all options and presets.")]
    public static PropertyInfo[] NamedOf(Type options) => (options == typeof(WorkerPoolOptions) ? typeof(WorkerPoolPresets) : options)
        .GetProperties(BindingFlags.Public | BindingFlags.Static);

    /// <summary>The constructor with the fewest parameters.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The dependencies of PropertiesOf have the constructors of all options.")]
    public static ConstructorInfo ConstructorOf(Type options) =>
        options.GetConstructors().OrderBy((constructor) => constructor.GetParameters().Length).First();

    /// <summary>The value of a constructor's parameter before the section's own is set.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "A value of zeros needs no constructor.")]
    public static object? DefaultOf(ParameterInfo parameter) =>
        parameter.ParameterType.IsValueType ? RuntimeHelpers.GetUninitializedObject(parameter.ParameterType) : null;

    /// <summary>A copy with the same members.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    public static extern object Copy(object options);

    public static Array ListOf(Type element, List<object?> elements) => s_lists[element](elements);

    public static IDictionary DictionaryOf(Type element) => s_dictionaries[element]();

    private static T[] ArrayOf<T>(List<object?> elements) => elements.Cast<T>().ToArray();
}
