namespace Enclave.Explaining;

/// <summary>A step as the traced program reported it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Statement">The number of its statement.</param>
/// <param name="Round">The round of a loop; 0 for other steps.</param>
/// <param name="Before">The values before it, in the order of the statement's names; null for one without a value.</param>
internal sealed record TracedStep(int Number, int Statement, int Round, string?[] Before)
{
    /// <summary>The values after it; null if it assigns nothing, or did not end.</summary>
    public string?[]? After { get; set; }

    /// <summary>The value of its test; null without one.</summary>
    public bool? Branch { get; set; }

    /// <summary>The values of its parts, by their number.</summary>
    public Dictionary<int, string> Parts { get; } = [];

    /// <summary>The tools that it called.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>The lines that it printed.</summary>
    public List<string> Printed { get; } = [];
}
