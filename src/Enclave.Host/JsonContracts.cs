using System.Text.Json.Serialization.Metadata;
using Enclave.Protocol.Values;

namespace Enclave;

/// <summary>
/// The JSON contracts of the application's types, for programs that are trimmed or compiled ahead (docs/aot.md). Other programs need none: they have
/// reflection.
/// </summary>
/// <example>
/// <code>
/// JsonContracts.Add(AppJson.Default);
///
/// [JsonSerializable(typeof(ListArgs))]
/// [JsonSerializable(typeof(User[]))]
/// internal sealed partial class AppJson : JsonSerializerContext;
/// </code>
/// </example>
public static class JsonContracts
{
    /// <summary>
    /// Adds contracts for the arguments and results of tools, globals and contexts of runs, and the types that values are read as. They count for all hosts
    /// of the process. Of two contracts for a type the earlier one wins.
    /// </summary>
    /// <param name="contracts">
    /// A <see cref="System.Text.Json.Serialization.JsonSerializerContext"/>. Names, numbers and enums have the form of this library's settings, not of the
    /// context's. Add it when the program starts: a type that was looked up before stays without a contract.
    /// </param>
    public static void Add(IJsonTypeInfoResolver contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        ContractResolver.Instance.Add(contracts);
    }
}
