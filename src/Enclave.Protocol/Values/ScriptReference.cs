namespace Enclave.Protocol;

/// <summary>A large value that stayed in the host: what may be known of it without loading it.</summary>
public sealed record ScriptReference
{
    internal ScriptReference(string id, long size, ScriptValueKind kind, string preview) => (Id, Size, Kind, Preview) = (id, size, kind, preview);

    /// <summary>What it is opened with: 128 random bits as 32 hex digits.</summary>
    public string Id { get; }

    /// <summary>Length of the value's encoded form, in bytes.</summary>
    public long Size { get; }

    /// <summary>What the value is: <see cref="ScriptValueKind.String"/>, <see cref="ScriptValueKind.Bytes"/>, <see cref="ScriptValueKind.Array"/> or <see cref="ScriptValueKind.Object"/>.</summary>
    public ScriptValueKind Kind { get; }

    /// <summary>How the value begins, at most 121 characters.</summary>
    public string Preview { get; }
}
