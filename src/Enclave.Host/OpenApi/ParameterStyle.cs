namespace Enclave.OpenApi;

/// <summary>How a parameter that is a list or an object is written (OpenAPI 3, Style Values).</summary>
internal enum ParameterStyle
{
    /// <summary>Joined by commas: of paths and headers.</summary>
    Simple,

    /// <summary>Name and value, again and again or joined by commas: of queries.</summary>
    Form,

    SpaceDelimited,
    PipeDelimited,

    /// <summary><c>filter[name]=value</c>.</summary>
    DeepObject,

    /// <summary>As JSON text.</summary>
    Json,
}
