using Enclave.Models;

namespace Enclave;

/// <summary>Texts about a host for a model that writes programs for it (docs/models.md).</summary>
public static class EnclaveModelExtensions
{
    /// <summary>
    /// Describes this host for a model that writes programs: the language at the host's level, the limits of a
    /// run, the registered tools with their types. Needs no worker.
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="format">The form of the text.</param>
    /// <param name="options">The settings of the run: its limits, its globals, and its tenant, which decides the visible tools; null for none.</param>
    /// <exception cref="ArgumentException">An option is out of its range. The message names it.</exception>
    public static string DescribeForModel(this IEnclave enclave, ModelTextFormat format = ModelTextFormat.TypeScript, RunOptions? options = null) =>
        ModelTexts.Of(enclave).Whole(format, options);

    /// <summary>
    /// The same in TypeScript, for hosts with many tools. If their declarations do not fit, it has an index of them
    /// instead, for models that can search (<see cref="SearchTools"/>).
    /// </summary>
    /// <param name="enclave">The host.</param>
    /// <param name="maxToolTokens">The tokens that the tools may use, estimated at three characters each. Range: 100 to 1,000,000.</param>
    /// <param name="options">As for <see cref="DescribeForModel"/>.</param>
    /// <exception cref="ArgumentException">An option, or <paramref name="maxToolTokens"/>, is out of its range.</exception>
    public static string DescribeForModelWithin(this IEnclave enclave, int maxToolTokens, RunOptions? options = null) =>
        ModelTexts.Of(enclave).Within(maxToolTokens, options);

    /// <summary>Finds tools by words in their names and descriptions. Needs no worker.</summary>
    /// <param name="enclave">The host.</param>
    /// <param name="query">The words, in any order and form: <c>create an issue</c>.</param>
    /// <param name="limit">The most tools to return. Range: 1 to 1,000.</param>
    /// <param name="options">The settings of the run: its tools and its tenant.</param>
    /// <returns>The best matches, best first. Tools without a word of the query are left out.</returns>
    /// <exception cref="ArgumentException">An option, or <paramref name="limit"/>, is out of its range.</exception>
    public static IReadOnlyList<ToolDefinition> SearchTools(this IEnclave enclave, string query, int limit = 10, RunOptions? options = null) =>
        ModelTexts.Of(enclave).Search(query, limit, options);

    /// <summary>Declares these tools in TypeScript, as <see cref="DescribeForModel"/> does. A comment lists unknown names. Needs no worker.</summary>
    /// <param name="enclave">The host.</param>
    /// <param name="names">Names of tools, at most 1,000.</param>
    /// <param name="options">The settings of the run: its tools and its tenant.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there are more names.</exception>
    public static string DescribeTools(this IEnclave enclave, IReadOnlyCollection<string> names, RunOptions? options = null) =>
        ModelTexts.Of(enclave).Declare(names, options);
}
