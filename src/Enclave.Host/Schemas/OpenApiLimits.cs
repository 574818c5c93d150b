namespace Enclave.Schemas;

/// <summary>Bounds of what is read of a document, and of what is made of it. A document is somebody else's text.</summary>
internal static class OpenApiLimits
{
    /// <summary>Deepest nesting of the document's JSON.</summary>
    public const int DocumentDepth = 128;

    /// <summary>Operations that are looked at, chosen or not.</summary>
    public const int OperationsSeen = 20_000;

    /// <summary>Parameters of one operation.</summary>
    public const int Parameters = 100;

    /// <summary>Parts of one tool's schema. What is beyond is left open: anything may stand there, and the service judges it.</summary>
    public const int SchemaParts = 2_000;

    /// <summary>Text that counts as a part.</summary>
    public const int PartCharacters = 50;

    /// <summary>Deepest nesting of one tool's schema, references not counted.</summary>
    public const int SchemaDepth = 40;

    /// <summary>Members of one <c>enum</c>, branches of one choice.</summary>
    public const int Choices = 500;

    /// <summary>References that lead elsewhere than into the document's components, in one document: each is a walk.</summary>
    public const int Walks = 1_000;

    /// <summary>Steps of one reference.</summary>
    public const int PointerSteps = 32;

    /// <summary>References that lead to references, and parts of <c>allOf</c>, of one place.</summary>
    public const int Hops = 50;

    public const int DescriptionCharacters = 1_000;

    public const int NoteCharacters = 500;

    public const int NameCharacters = 200;

    /// <summary>A request's whole address. Servers refuse longer ones.</summary>
    public const int AddressCharacters = 8_000;

    /// <summary>Of an error's body, read and told.</summary>
    public const int ErrorBytes = 8 << 10, ErrorCharacters = 500;

    /// <summary>Operations that cannot become tools, told one by one.</summary>
    public const int SkippedTold = 500;
}
