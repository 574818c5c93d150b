using System.Text.Json.Serialization;

namespace Enclave;

/// <summary>The engine that runs scripts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScriptEngine>))]
public enum ScriptEngine
{
    /// <summary>
    /// The native engine on Linux x64, the portable one elsewhere. A folder that is named in <c>EnclaveOptions.EngineDirectory</c> or in
    /// <c>ENCLAVE_ENGINE</c> decides if it holds the portable engine.
    /// </summary>
    [JsonStringEnumMemberName("default")]
    Default = 0,

    /// <summary>The engine for production: never-used memory for each run, a jail, exact CPU time. Linux x64 only.</summary>
    [JsonStringEnumMemberName("native")]
    Native = 1,

    /// <summary>The engine for development on every system that .NET and ClearScript support, at STANDARD and PERMISSIVE (docs/portable-engine.md).</summary>
    [JsonStringEnumMemberName("portable")]
    Portable = 2,
}
