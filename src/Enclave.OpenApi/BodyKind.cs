namespace Enclave.OpenApi;

/// <summary>How a body is written.</summary>
internal enum BodyKind
{
    Json,
    Text,

    /// <summary>An object as <c>application/x-www-form-urlencoded</c>.</summary>
    Form,

    /// <summary>An object as <c>multipart/form-data</c>.</summary>
    Multipart,
}
