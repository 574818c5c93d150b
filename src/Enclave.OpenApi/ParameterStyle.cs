namespace Enclave.OpenApi;

/// <summary>The format of a parameter that is a list or an object (OpenAPI 3, Style Values).</summary>
internal enum ParameterStyle
{
    /// <summary>Joined by commas, for paths and headers.</summary>
    Simple,

    /// <summary>Name and value, repeated or joined by commas, for queries.</summary>
    Form,

    SpaceDelimited,
    PipeDelimited,

    /// <summary><c>filter[name]=value</c>.</summary>
    DeepObject,

    /// <summary>As JSON text.</summary>
    Json,
}
