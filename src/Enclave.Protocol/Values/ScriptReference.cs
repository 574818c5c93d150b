namespace Enclave.Protocol;

/// <summary>A reference to a large value that is kept in the host: its properties that are known without loading it.</summary>
public sealed record ScriptReference
{
    /// <summary>A reference by its parts.</summary>
    public ScriptReference(string id, long size, ScriptValueKind kind, string preview) => (Id, Size, Kind, Preview) = (id, size, kind, preview);

    /// <summary>The id that opens it: 128 random bits as 32 hex digits.</summary>
    public string Id { get; }

    /// <summary>Length of the value's encoded form, in bytes.</summary>
    public long Size { get; }

    /// <summary>
    /// The kind of the value: <see cref="ScriptValueKind.String"/>, <see cref="ScriptValueKind.Bytes"/>,
    /// <see cref="ScriptValueKind.Array"/> or <see cref="ScriptValueKind.Object"/>.
    /// </summary>
    public ScriptValueKind Kind { get; }

    /// <summary>The beginning of the value, at most 121 characters.</summary>
    public string Preview { get; }
}
