namespace Enclave;

/// <summary>The form of the text of <see cref="EnclaveModelExtensions.DescribeForModel"/>.</summary>
public enum ModelTextFormat
{
    /// <summary>Declarations that TypeScript accepts, with the language and the limits as a comment at their top. The default.</summary>
    TypeScript = 0,

    /// <summary>Text with headings, and the tools as code.</summary>
    Markdown = 1,

    /// <summary>
    /// One JSON document: <c>language</c>, <c>limits</c>, <c>globals</c> and <c>tools</c>, each with the JSON schemas of its arguments and its result.
    /// </summary>
    JsonSchema = 2,

    /// <summary>
    /// As <see cref="TypeScript"/>, with the tools as members: <c>tools.orders.list(…)</c> for <c>callTool('orders:list', …)</c>. Shorter for many tools.
    /// </summary>
    Namespaces = 3,
}
