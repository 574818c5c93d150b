namespace Enclave.Schemas;

/// <summary>Limits for reading a document and for the tools made from it. A document is foreign text.</summary>
internal static class OpenApiLimits
{
    /// <summary>Deepest nesting of the document's JSON.</summary>
    public const int DocumentDepth = 128;

    /// <summary>Operations that are read, chosen or not.</summary>
    public const int OperationsSeen = 20_000;

    /// <summary>Servers of a document, and of one operation.</summary>
    public const int Servers = 20;

    /// <summary>Parameters of one operation.</summary>
    public const int Parameters = 100;

    /// <summary>Members of a form whose format is read.</summary>
    public const int FormFields = 500;

    /// <summary>Characters that are made for one form: of its encoded names and values, and of its pairs.</summary>
    public const int FormCharacters = 64 << 20;

    /// <summary>Parts of one tool's schema. Parts beyond it accept any value, and the service checks them.</summary>
    public const int SchemaParts = 2_000;

    /// <summary>Text that counts as a part.</summary>
    public const int PartCharacters = 50;

    /// <summary>The most bytes of one tool's schema that are read. A part counts with the parts in it, as often as references lead to it.</summary>
    public const int SeenBytes = 16 << 20;

    /// <summary>Steps of all patterns of one tool's schema that are read, including patterns that cannot be held.</summary>
    public const int PatternSteps = 1_000_000;

    /// <summary>Deepest nesting of one tool's schema, references not counted.</summary>
    public const int SchemaDepth = 40;

    /// <summary>Members of one <c>enum</c>, branches of one choice.</summary>
    public const int Choices = 500;

    /// <summary>References of one document that do not lead into its components. Each costs a walk over the document.</summary>
    public const int Walks = 1_000;

    /// <summary>Parts of a document that are searched for an address of their own (<c>$id</c>).</summary>
    public const int ResourceParts = 100_000;

    /// <summary>Steps of one reference.</summary>
    public const int PointerSteps = 32;

    /// <summary>References that lead to references, and parts of <c>allOf</c>, of one place.</summary>
    public const int Hops = 50;

    public const int DescriptionCharacters = 1_000;

    public const int NoteCharacters = 500;

    public const int NameCharacters = 200;

    /// <summary>The length of a request's address. Servers refuse longer ones.</summary>
    public const int AddressCharacters = 8_000;

    /// <summary>The part of an error's body that is read and shown.</summary>
    public const int ErrorBytes = 8 << 10, ErrorCharacters = 500;

    /// <summary>Operations that cannot become tools and are listed with a reason.</summary>
    public const int SkippedTold = 500;
}
